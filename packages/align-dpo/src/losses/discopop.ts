// DiscoPOP: logistic and exponential loss, mixed by the margin itself.
// Lu et al. 2024, Discovering Preference Optimization Algorithms with and for LLMs (arXiv:2406.08414), equation 5.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, affine, exp, logSigmoid, mul, neg, sigmoid, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({
  beta,
  tau: z.number().positive().default(0.05).describe('Temperature of the mixture; TRL: 0.05.'),
  ...marginShape,
});

/** −(1 − m) log σ(βΔ) + m e^(−βΔ) a pair, m = σ(βΔ/τ). Throws `bad-batch`, `bad-options`. */
export function discopop(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('discopop', options, given);
  const scores = logRatios('discopop', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const mix = sigmoid(mul(logits, 1 / read.tau));
  const losses = add(mul(neg(logSigmoid(logits)), affine(mix, -1, 1)), mul(exp(neg(logits)), mix)); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const discopopLoss = defineLoss({
  name: 'discopop',
  version: 1,
  paper: 'Lu et al. 2024, Discovering Preference Optimization Algorithms with and for LLMs (arXiv:2406.08414)',
  equation: '5: −(1 − m) log σ(βΔ) + m e^(−βΔ), m = σ(βΔ/τ)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: discopop,
});
