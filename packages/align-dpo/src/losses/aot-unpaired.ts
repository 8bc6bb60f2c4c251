// AOT, unpaired: the log-ratios of chosen completions dominate those of rejected ones at every quantile.
// Melnyk et al. 2024, Distributional Preference Alignment via Optimal Transport (arXiv:2406.05882) (unpaired).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, mul, sub, tensor, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { partnersByRank } from '../by-rank.js';
import { defineLoss } from '../define-loss.js';
import { hostRatio } from '../host-ratio.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { checkPairs, logRatios } from '../scores.js';
import { smoothed } from '../smoothed.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, labelSmoothing: labelSmoothing(0), ...lengthShape });

/** For each chosen completion the rejected log-ratio of its rank, and for each rejected one the chosen log-ratio, over the whole batch. */
export type AotUnpairedStatistics = { readonly ofChosen: Float32Array; readonly ofRejected: Float32Array };

/** Sorts the whole batch; both sides have as many rows. Throws `bad-batch`, `bad-options`. */
export function aotUnpairedStatistics(
  whole: PreferenceBatch,
  given: z.input<typeof options> = {},
): AotUnpairedStatistics {
  const ready = transformed(whole, readOptions('aot-unpaired', options, given));
  checkPairs('aot-unpaired', ready);
  const chosen = hostRatio('aot-unpaired', ready.chosen);
  const rejected = hostRatio('aot-unpaired', ready.rejected);
  return { ofChosen: partnersByRank(chosen, rejected), ofRejected: partnersByRank(rejected, chosen) };
}

/** −log σ(βδ) a chosen completion, with smoothing; δ is its log-ratio less the rejected one of the same rank. Throws `bad-batch`, `bad-options`. */
export function aotUnpaired(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics: AotUnpairedStatistics = aotUnpairedStatistics(batch, given),
): LossParts {
  const read = readOptions('aot-unpaired', options, given);
  const scores = logRatios('aot-unpaired', transformed(batch, read));
  const fixed = (numbers: Float32Array): Tensor => tensor(scores.chosen.device, numbers, [numbers.length]);
  const loss = (margin: Tensor): Tensor => smoothed(mul(margin, read.beta), read.labelSmoothing);
  const value = loss(sub(scores.chosen, fixed(statistics.ofChosen))); // (B), moves the chosen
  // The partner of a rank may be in another micro-batch: this term is 0, and moves the rejected ones of this one.
  const mirrored = loss(sub(fixed(statistics.ofRejected), scores.rejected));
  return pairParts(batch, add(value, sub(mirrored, mirrored.detach())), scores, read.beta);
}

export const aotUnpairedLoss = defineLoss({
  name: 'aot-unpaired',
  version: 1,
  paper: 'Melnyk et al. 2024, Distributional Preference Alignment via Optimal Transport (arXiv:2406.05882)',
  equation: '−log σ(β(sorted c − sorted r))',
  reference: true,
  feedback: 'pairs',
  options,
  loss: aotUnpaired,
  statistics: aotUnpairedStatistics,
});
