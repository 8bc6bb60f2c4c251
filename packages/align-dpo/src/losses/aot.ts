// AOT: the policy's margins dominate the reference's at every quantile, not pair by pair.
// Melnyk et al. 2024, Distributional Preference Alignment via Optimal Transport (arXiv:2406.05882) (paired).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { mul, sub, tensor } from '@ingot/tensor';
import * as z from 'zod';
import { partnersByRank } from '../by-rank.js';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { smoothed } from '../smoothed.js';
import { hostMargin } from '../host-ratio.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, labelSmoothing: labelSmoothing(0), ...lengthShape });

/** For each pair, the reference's margin that has the rank of the policy's margin, over the whole batch. */
export type AotStatistics = { readonly partners: Float32Array };

/** Sorts the whole batch. Throws `bad-batch`, `bad-options`. */
export function aotStatistics(whole: PreferenceBatch, given: z.input<typeof options> = {}): AotStatistics {
  const { policy, reference } = hostMargin('aot', transformed(whole, readOptions('aot', options, given)));
  return { partners: partnersByRank(policy, reference) };
}

/** −log σ(βδ) a pair, with smoothing; δ is the policy's margin less the reference's of the same rank. Throws `bad-batch`, `bad-options`. */
export function aot(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics: AotStatistics = aotStatistics(batch, given),
): LossParts {
  const read = readOptions('aot', options, given);
  const ready = transformed(batch, read);
  const scores = logRatios('aot', ready);
  const margins = sub(ready.chosen.policy, ready.rejected.policy); // (B)
  const partners = tensor(margins.device, statistics.partners, margins.shape);
  const losses = smoothed(mul(sub(margins, partners), read.beta), read.labelSmoothing);
  return pairParts(batch, losses, scores, read.beta);
}

export const aotLoss = defineLoss({
  name: 'aot',
  version: 1,
  paper: 'Melnyk et al. 2024, Distributional Preference Alignment via Optimal Transport (arXiv:2406.05882)',
  equation: '−log σ(β(sorted policy margins − sorted reference margins))',
  reference: true,
  feedback: 'pairs',
  options,
  loss: aot,
  statistics: aotStatistics,
});
