// APO-zero: chosen up, rejected down; for chosen answers better than the model's own.
// D'Oosterlinck et al. 2024, Anchored Preference Optimization (arXiv:2408.06266), equation 7.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { affine, mul, sigmoid, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...lengthShape });

/** 1 − σ(βc) + σ(βr) a pair. Throws `bad-batch`, `bad-options`. */
export function apoZero(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('apo-zero', options, given);
  const scores = logRatios('apo-zero', transformed(batch, read));
  const [chosen, rejected] = [mul(scores.chosen, read.beta), mul(scores.rejected, read.beta)];
  const losses = affine(sub(sigmoid(rejected), sigmoid(chosen)), 1, 1); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const apoZeroLoss = defineLoss({
  name: 'apo-zero',
  version: 1,
  paper: "D'Oosterlinck et al. 2024, Anchored Preference Optimization (arXiv:2408.06266)",
  equation: '7: 1 − σ(βc) + σ(βr)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: apoZero,
});
