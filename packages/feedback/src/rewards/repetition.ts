// Reward `repetition`: repeated n-grams are punished. Yeo et al. 2025, "Demystifying Long Chain-of-Thought Reasoning", appendix C.2.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';
import { wordsOf } from './words.js';

/** penalty · (1 − different n-grams / n-grams); 0 where there is no n-gram. */
export function repetitionPenalty<Item extends string | number>(items: readonly Item[], n = 3, penalty = -1): number {
  const count = items.length - n + 1;
  if (count < 1) return 0;
  const different = new Set(Array.from({ length: count }, (_, at) => items.slice(at, at + n).join('\u0000')));
  return different.size === count ? 0 : penalty * (1 - different.size / count);
}

/** Reward `repetition`: over the words of the completion in lower case. */
export const repetitionPart = Reward.part({
  name: 'repetition',
  version: 1,
  options: z.strictObject({
    n: z.int().positive().default(3).describe('Words of an n-gram.'),
    penalty: z.number().max(0).default(-1).describe('The reward of a text that repeats one n-gram throughout.'),
  }),
  make:
    ({ n, penalty }) =>
    ({ text }) =>
      repetitionPenalty(wordsOf(text.toLowerCase()), n, penalty),
});
