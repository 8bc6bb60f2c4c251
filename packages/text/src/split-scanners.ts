// The three split patterns by hand: from where a piece begins to where it ends. Each finds what its regular expression in
// split-patterns.ts finds, for any text (split-scanners.test.ts), several times as fast.
import { BREAK, classAt, LETTER, LOWER, NUMBER, OTHER, SPACE, UPPER, widthAt } from './character-classes.js';

/** Where the piece ends that begins at `from`, in code units: after `from`, at most the text's length. */
export type Scanner = (text: string, from: number) => number;

const SPACE_UNIT = 0x20;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const [D, E, L, M, R, S, T, V] = [0x64, 0x65, 0x6c, 0x6d, 0x72, 0x73, 0x74, 0x76] as const;

const run = (text: string, from: number, classes: number): number => {
  let at = from;
  while (at < text.length && (classAt(text, at) & classes) !== 0) at++;
  return at;
};

const asWritten = (unit: number): number => unit;
/** ASCII letters become small; other characters become nothing that a contraction has, but for the long s. */
const inAnyCase = (unit: number): number => (unit === 0x17f ? S : unit | 0x20);

/** `'s|'t|'re|'ve|'m|'ll|'d` at `from`: its end, or `from` where there is none. */
const contraction = (text: string, from: number, fold: (unit: number) => number): number => {
  if (from + 1 >= text.length || text.charCodeAt(from) !== APOSTROPHE) return from;
  const first = fold(text.charCodeAt(from + 1));
  if (first === S || first === T || first === M || first === D) return from + 2;
  if (from + 2 >= text.length) return from;
  const second = fold(text.charCodeAt(from + 2));
  return ((first === R || first === V) && second === E) || (first === L && second === L) ? from + 3 : from;
};

/** `\s+(?!\S)|\s+`: all white space but the one before a word, unless it is the only one. */
const blank = (text: string, from: number): number => {
  const end = run(text, from, SPACE);
  return end < text.length && end - from > 1 ? end - 1 : end;
};

/** `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line break of the white space, if it has one. */
const blankOrBreak = (text: string, from: number): number => {
  const end = run(text, from, SPACE);
  for (let at = end; at > from; at--) if (classAt(text, at - 1) & BREAK) return at;
  return end < text.length && end - from > 1 ? end - 1 : end;
};

/** `\p{N}{1,3}`, where there is a number at `from`. */
const threeDigits = (text: string, from: number): number => {
  let at = from;
  for (let count = 0; count < 3 && at < text.length && classAt(text, at) & NUMBER; count++) at += widthAt(text, at);
  return at;
};

/** ` ?[^\s\p{L}\p{N}]+`: its end, or `from` where there is none. */
const signs = (text: string, from: number): number => {
  const spaced = text.charCodeAt(from) === SPACE_UNIT ? from + 1 : from;
  const end = run(text, spaced, OTHER);
  return end === spaced ? from : end;
};

/** Where letters may begin: behind one character that is no line break, letter or number, where there is one (`[^\r\n\p{L}\p{N}]?`). */
const behindPrefix = (text: string, from: number): number =>
  classAt(text, from) & (BREAK | LETTER | NUMBER) ? from : from + widthAt(text, from);

const gpt2: Scanner = (text, from) => {
  const short = contraction(text, from, asWritten);
  if (short > from) return short;
  const spaced = text.charCodeAt(from) === SPACE_UNIT && from + 1 < text.length ? from + 1 : from;
  const kind = classAt(text, spaced) & (LETTER | NUMBER | OTHER);
  return kind ? run(text, spaced + 1, kind) : blank(text, from);
};

const cl100k: Scanner = (text, from) => {
  const short = contraction(text, from, inAnyCase);
  if (short > from) return short;
  const start = behindPrefix(text, from);
  const letters = run(text, start, LETTER);
  if (letters > start) return letters;
  if (classAt(text, from) & NUMBER) return threeDigits(text, from);
  const end = signs(text, from);
  return end > from ? run(text, end, BREAK) : blankOrBreak(text, from);
};

/**
 * `[U]*[L]+` at `from`, U and L being UPPER and LOWER: its end, or `from` where there is none. When no LOWER follows the run of
 * UPPER, the run gives back characters until its last one that is both.
 */
const capitalisedWord = (text: string, from: number): number => {
  const upper = run(text, from, UPPER);
  const end = run(text, upper, LOWER);
  if (end > upper) return end;
  for (let at = upper; at > from; at--) if (classAt(text, at - 1) & LOWER) return at;
  return from;
};

/** A word of o200k at `from`, without its contraction: its end, or `from` where there is none. */
const word = (text: string, from: number): number => {
  const start = behindPrefix(text, from);
  const capitalised = capitalisedWord(text, start);
  if (capitalised > start) return capitalised;
  if (start > from) {
    const bare = capitalisedWord(text, from);
    if (bare > from) return bare;
  }
  const capitals = run(text, start, UPPER); // no LOWER follows, or it had been a capitalised word
  return capitals > start ? capitals : from;
};

const o200k: Scanner = (text, from) => {
  const letters = word(text, from);
  if (letters > from) return contraction(text, letters, inAnyCase);
  if (classAt(text, from) & NUMBER) return threeDigits(text, from);
  let end = signs(text, from);
  if (end === from) return blankOrBreak(text, from);
  while (end < text.length && (classAt(text, end) & BREAK || text.charCodeAt(end) === SLASH)) end++;
  return end;
};

/** By the name of the pattern. */
export const SCANNERS = { gpt2, cl100k, o200k } as const satisfies Readonly<Record<string, Scanner>>;
