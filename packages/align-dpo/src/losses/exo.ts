// EXO: the reverse KL between the policy's preference and the labels' smoothed one.
// Ji et al. 2024, Towards Efficient Exact Optimization of Language Model Alignment (arXiv:2402.00856), equation 16.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, affine, logSigmoid, mul, neg, sigmoid, sub, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({
  beta,
  labelSmoothing: z.number().positive().lt(0.5).default(1e-3).describe('ε, not 0; TRL: 1e-3 in place of its 0.'),
  ...marginShape,
});

/** KL between (σ(βΔ), σ(−βΔ)) and (1 − ε, ε), a pair. Throws `bad-batch`, `bad-options`. */
export function exo(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('exo', options, given);
  const scores = logRatios('exo', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const { labelSmoothing: epsilon } = read;
  const divergence = (signed: Tensor, label: number): Tensor =>
    mul(sigmoid(signed), affine(logSigmoid(signed), 1, -Math.log(label)));
  const losses = add(divergence(logits, 1 - epsilon), divergence(neg(logits), epsilon)); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const exoLoss = defineLoss({
  name: 'exo',
  version: 1,
  paper: 'Ji et al. 2024, Towards Efficient Exact Optimization of Language Model Alignment (arXiv:2402.00856)',
  equation: '16: Σ q (log q − log p), q = σ(±βΔ), p = (1 − ε, ε)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: exo,
});
