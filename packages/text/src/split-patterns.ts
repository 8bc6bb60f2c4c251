// How text is cut into pieces before byte pairs are merged: GPT-2's, cl100k's and o200k's patterns, in tokenizer.json's spelling,
// and the translation of that spelling into JavaScript's.
import { IngotError } from '@ingot/core';

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

/** The pieces of a text, in order, none empty; what a pattern leaves unmatched is a piece of its own (tokenizers' "Isolated"). */
export const splitText = (text: string, pattern: RegExp): string[] => {
  const pieces: string[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    if (match[0]) pieces.push(match[0]);
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
};
