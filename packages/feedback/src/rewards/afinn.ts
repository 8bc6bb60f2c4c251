// Reward `afinn`: how pleasant the words of a completion are.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';
import { afinnScore } from './afinn-score.js';

/** Reward `afinn`: the valence of the completion by the lexicon AFINN-111; the prompt does not count. */
export const afinnReward = Reward.part({
  name: 'afinn',
  version: 1,
  options: z.strictObject({
    normalise: z
      .enum(['none', 'per-word', 'root'])
      .default('none')
      .describe(
        "The sum of valences, that sum per word, or over the root of the words. 'none' favours long texts, 'per-word' short ones.",
      ),
  }),
  make:
    ({ normalise }) =>
    ({ text }) =>
      afinnScore(text, normalise),
});
