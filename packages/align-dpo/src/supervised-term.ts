// The supervised term −log π(chosen), averaged over tokens of the whole batch (TRL) or over each sequence (RPO's paper).
import type { PreferenceBatch } from '@ingot/contracts';
import { mul, neg, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { perToken } from './transforms/length-normalised.js';

/** What a token average must know of the whole batch. */
export type SupervisedStatistics = { readonly tokensPerPair: number };

export const average = z
  .enum(['tokens', 'sequences'])
  .default('tokens')
  .describe('The supervised term is the mean over all tokens of the batch (TRL), or over pairs of the mean of each.');

/** Mean number of supervised tokens of a pair's chosen completion over the whole batch. */
export function supervisedStatistics({ chosen }: PreferenceBatch): SupervisedStatistics {
  const lengths = Array.from(chosen.supervised?.lengths ?? chosen.lengths);
  return { tokensPerPair: lengths.reduce((a, b) => a + b, 0) / lengths.length };
}

/** −log π of the chosen completions, (B), scaled so that the mean over the pairs of the whole batch is the wanted average. */
export function supervisedTerm(
  batch: PreferenceBatch,
  over: z.output<typeof average>,
  { tokensPerPair }: SupervisedStatistics = supervisedStatistics(batch),
): Tensor {
  const { policy, lengths } = batch.chosen.supervised ?? batch.chosen;
  return over === 'sequences' ? neg(perToken(policy, lengths)) : mul(policy, -1 / tokensPerPair);
}
