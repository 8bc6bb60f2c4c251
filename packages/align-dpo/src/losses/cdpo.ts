// Conservative DPO: labels are wrong with probability ε.
// Mitchell 2023, A note on DPO with noisy preferences.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { mul, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { smoothed } from '../smoothed.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, labelSmoothing: labelSmoothing(0.1), ...marginShape });

/** −(1 − ε) log σ(βΔ) − ε log σ(−βΔ) a pair. Throws `bad-batch`, `bad-options`. */
export function cdpo(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('cdpo', options, given);
  const scores = logRatios('cdpo', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const losses = smoothed(logits, read.labelSmoothing); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const cdpoLoss = defineLoss({
  name: 'cdpo',
  version: 1,
  paper: 'Mitchell 2023, A note on DPO with noisy preferences',
  equation: '−(1 − ε) log σ(βΔ) − ε log σ(−βΔ)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: cdpo,
});
