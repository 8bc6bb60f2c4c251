// BCO: a classifier of likes and dislikes whose threshold is the running mean of rewards.
// Jung et al. 2024, Binary Classifier Optimization (arXiv:2404.04656); the running mean as TRL's RunningMoments had it.
import type { LabelledBatch, LossParts } from '@ingot/contracts';
import { affine, logSigmoid, neg, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { hostRatio } from '../host-ratio.js';
import { unpairedParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { sidesOf } from '../unpaired.js';

const options = z.strictObject({ beta });

/** δ, the mean reward of all completions seen so far, and how many those were. */
export type BcoStatistics = { readonly delta: number; readonly count: number };

/** δ after this whole batch: every completion since the first step counts once. Throws `bad-batch`, `bad-options`. */
export function bcoStatistics(
  batch: LabelledBatch,
  given: z.input<typeof options> = {},
  previous: BcoStatistics = { delta: 0, count: 0 },
): BcoStatistics {
  const read = readOptions('bco', options, given);
  const rewards = [batch.chosen, batch.rejected]
    .flatMap((side) => (side ? hostRatio('bco', side) : []))
    .map((ratio) => read.beta * ratio);
  const count = previous.count + rewards.length;
  const total = rewards.reduce((a, b) => a + b, previous.delta * previous.count);
  return { delta: count === 0 ? 0 : total / count, count };
}

/** −log σ(βc − δ) a chosen, −log σ(δ − βr) a rejected completion; the weight counts both. Throws `bad-batch`, `bad-options`. */
export function bco(
  batch: LabelledBatch,
  given: z.input<typeof options> = {},
  statistics: BcoStatistics = bcoStatistics(batch, given),
): LossParts {
  const read = readOptions('bco', options, given);
  const losses = (name: 'chosen' | 'rejected', score: Tensor): Tensor => {
    const shifted = affine(score, read.beta, -statistics.delta); // (n)
    return neg(logSigmoid(name === 'chosen' ? shifted : neg(shifted)));
  };
  return unpairedParts(sidesOf('bco', batch, losses), read.beta);
}

export const bcoLoss = defineLoss({
  name: 'bco',
  version: 1,
  paper: 'Jung et al. 2024, Binary Classifier Optimization (arXiv:2404.04656)',
  equation: '−log σ(βc − δ), −log σ(δ − βr), δ the running mean of rewards',
  reference: true,
  feedback: 'labels',
  options,
  loss: bco,
  statistics: bcoStatistics,
});
