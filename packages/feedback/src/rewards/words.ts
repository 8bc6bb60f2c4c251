// What a text's length is counted in, for rewards that look at text alone.
import * as z from 'zod';

/** Runs of letters, digits and underscores, as `\w+` finds them in Python. */
const word = /[\p{L}\p{M}\p{N}_]+/gu;

/** The words of a text, without punctuation, as they are spelt. */
export const wordsOf = (text: string): string[] => text.match(word) ?? [];

const measures = {
  characters: (text) => [...text].length,
  words: (text) => wordsOf(text).length,
} satisfies Record<string, (text: string) => number>;
export type LengthUnit = keyof typeof measures;

/** The length of a text in code points or in words. */
export const lengthOf = (text: string, unit: LengthUnit): number => measures[unit](text);

/** The option `unit` of rewards that count. */
export const unitOption = z
  .enum(['characters', 'words'])
  .default('words')
  .describe('What a length is counted in: a reward sees text, not tokens.');
