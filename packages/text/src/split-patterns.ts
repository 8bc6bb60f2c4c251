// How text is cut into pieces before byte pairs are merged: GPT-2's, cl100k's and o200k's patterns, in tokenizer.json's spelling,
// and the translation of that spelling into JavaScript's.
import { IngotError } from '@ingot/core';
import { widthAt } from './character-classes.js';
import { SCANNERS, type Scanner } from './split-scanners.js';

/** The patterns as tokenizer.json has them. Source: tiktoken, openai_public.py; possessive quantifiers left out, which changes no match of these. */
export const SPLIT_PATTERNS = {
  gpt2: String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  cl100k: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  o200k: [
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
    String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
    String.raw`\p{N}{1,3}`,
    String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*`,
    String.raw`\s*[\r\n]+`,
    String.raw`\s+(?!\S)`,
    String.raw`\s+`,
  ].join('|'),
} as const;
export type SplitPatternName = keyof typeof SPLIT_PATTERNS;

/** Letters that Unicode folds to an ASCII letter: the long s and the Kelvin sign. */
const FOLDED: Readonly<Record<string, string>> = { s: '\u017F', k: '\u212A' };
const anyCase = (letters: string): string =>
  letters.replace(
    /[a-z]/gi,
    (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}${FOLDED[letter.toLowerCase()] ?? ''}]`,
  );

/**
 * A tokenizer.json pattern as a global, Unicode regular expression. `\s` becomes Unicode's White_Space, as in the Rust and Python
 * tokenizers (JavaScript's own `\s` has U+FEFF and lacks U+0085); `(?i:…)` is written out, because Node before 23 has no modifiers.
 * Throws 'bad-input' for a pattern that JavaScript cannot run.
 */
export const compilePattern = (pattern: string): RegExp => {
  const other = /(?<!\\)(?:\\\\)*(\\[wWbBhHdDAzZGXRK]|\(\?[<>#]|\(\?[imsx]*-)/.exec(pattern)?.[1];
  if (other)
    throw new IngotError(
      'bad-input',
      `A tokenizer's split pattern wants only what means the same in JavaScript, got '${other}' in ${pattern}. Spell it with \\p{…} classes, or use one of ${Object.keys(SPLIT_PATTERNS).join(', ')}.`,
    );
  const translated = pattern
    .replace(/\(\?i:([^()]*)\)/g, (_, body: string) => `(?:${anyCase(body)})`)
    .replaceAll(String.raw`\s`, String.raw`\p{White_Space}`)
    .replaceAll(String.raw`\S`, String.raw`\P{White_Space}`)
    .replace(/(?<!\\)([?*+]|\{\d+(?:,\d*)?\})\+/g, '$1');
  try {
    return new RegExp(translated, 'gu');
  } catch (error) {
    throw new IngotError(
      'bad-input',
      `A tokenizer's split pattern wants a regular expression that JavaScript can run, got ${pattern}: ${(error as Error).message}. Use one of ${Object.keys(SPLIT_PATTERNS).join(', ')}.`,
      { cause: error },
    );
  }
};

/** A scanner for any pattern, by the regular expression itself. */
const scanWith = (pattern: RegExp): Scanner => {
  const expression = new RegExp(pattern.source, 'gu');
  return (text, from) => {
    for (expression.lastIndex = from; ;) {
      const match = expression.exec(text);
      if (!match) return text.length;
      if (match.index > from) return match.index; // what stands before a match is a piece of its own
      if (match[0]) return expression.lastIndex;
      expression.lastIndex = from + widthAt(text, from);
    }
  };
};

const bySource = new Map<string, Scanner>(
  Object.entries(SCANNERS).map(([name, scanner]) => [
    compilePattern(SPLIT_PATTERNS[name as SplitPatternName]).source,
    scanner,
  ]),
);

/**
 * Where the pieces of a text end: what a pattern leaves unmatched is a piece of its own (tokenizers' "Isolated"), none is empty.
 * The three published patterns are scanned by hand, any other by its regular expression.
 */
export const scannerOf = (pattern: RegExp): Scanner => bySource.get(pattern.source) ?? scanWith(pattern);

/** The pieces of a text, in order, as `scannerOf` finds them. */
export const splitText = (text: string, pattern: RegExp): string[] => {
  const scan = scannerOf(pattern);
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = scan(text, from);
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
};
