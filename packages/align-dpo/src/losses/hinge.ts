// Hinge: nothing left to learn once the margin is 1/β.
// Zhao et al. 2023, SLiC-HF (arXiv:2305.10425); Liu et al. 2023, RSO (arXiv:2309.06657).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { affine, mul, relu, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...marginShape });

/** max(0, 1 − βΔ) a pair. Throws `bad-batch`, `bad-options`. */
export function hinge(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('hinge', options, given);
  const scores = logRatios('hinge', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const losses = relu(affine(logits, -1, 1)); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const hingeLoss = defineLoss({
  name: 'hinge',
  version: 1,
  paper: 'Zhao et al. 2023, SLiC-HF (arXiv:2305.10425); Liu et al. 2023, RSO (arXiv:2309.06657)',
  equation: 'hinge: max(0, 1 − βΔ)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: hinge,
});
