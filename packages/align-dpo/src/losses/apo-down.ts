// APO-down: both down, rejected more; for chosen answers worse than the model's own.
// D'Oosterlinck et al. 2024, Anchored Preference Optimization (arXiv:2408.06266), equation 8.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { affine, mul, sigmoid, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...lengthShape });

/** σ(βc) + 1 − σ(βΔ) a pair. Throws `bad-batch`, `bad-options`. */
export function apoDown(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('apo-down', options, given);
  const scores = logRatios('apo-down', transformed(batch, read));
  const [chosen, rejected] = [mul(scores.chosen, read.beta), mul(scores.rejected, read.beta)];
  const losses = affine(sub(sigmoid(chosen), sigmoid(sub(chosen, rejected))), 1, 1); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const apoDownLoss = defineLoss({
  name: 'apo-down',
  version: 1,
  paper: "D'Oosterlinck et al. 2024, Anchored Preference Optimization (arXiv:2408.06266)",
  equation: '8: σ(βc) + 1 − σ(βΔ)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: apoDown,
});
