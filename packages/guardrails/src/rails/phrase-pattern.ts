// Phrases as one bounded pattern: whole words, any case, any spacing, and letters that are written as signs.
import { IngotError } from '@ingot/core';
import { streamPattern, type StreamPattern } from '../pattern/stream-pattern.js';

/** One word, or a number. */
const ANY = "[\\p{L}\\p{N}'’-]{1,24}(?:\\.\\d{1,4})?";
/** Signs that stand for letters in texts that hide words. */
const SIGNS: Readonly<Record<string, string>> = {
  a: '@4',
  b: '8',
  e: '3',
  g: '9',
  i: '1!',
  l: '1',
  o: '0',
  s: '$5',
  t: '7',
};
const escape = (sign: string): string => sign.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');

export interface PhraseOptions {
  /** Letters may be written as signs: 1d1ot. */
  readonly signs?: boolean;
  /** Spaces, dots and dashes at most between two words of a phrase; 3 unless said. */
  readonly gap?: number;
}

const letter = (sign: string, signs: boolean): string => {
  const others = signs ? (SIGNS[sign.toLowerCase()] ?? '') : '';
  return others ? `[${escape(sign)}${escape(others)}]` : escape(sign);
};
const phraseSource = (phrase: string, signs: boolean, gap: number): string =>
  phrase
    .trim()
    .split(/\s+/u)
    .map((word) => (word === '*' ? ANY : Array.from(word, (sign) => letter(sign, signs)).join('')))
    .join(`[\\s._-]{1,${gap}}`);

/**
 * A pattern that matches any of the phrases as whole words, the longest first; '*' in a phrase stands for one word.
 * Throws `bad-options` for an empty list or phrase.
 */
export const phrasePattern = (
  phrases: readonly string[],
  { signs = false, gap = 3 }: PhraseOptions = {},
): StreamPattern => {
  if (phrases.length === 0 || phrases.some((phrase) => phrase.replaceAll('*', '').trim() === ''))
    throw new IngotError(
      'bad-options',
      `A list of phrases wants phrases of at least one word, got ${phrases.length === 0 ? 'none' : 'an empty one'}. Leave it out.`,
    );
  const longestFirst = phrases.toSorted((a, b) => b.length - a.length);
  const any = longestFirst.map((phrase) => phraseSource(phrase, signs, gap)).join('|');
  return streamPattern(`(?<![\\p{L}\\p{N}_])(?:${any})(?![\\p{L}\\p{N}_])`, { flags: 'iu' });
};
