// DPO: the log-sigmoid of the margin between implicit rewards.
// Rafailov et al. 2023, Direct Preference Optimization (arXiv:2305.18290), equation 7.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { logSigmoid, mul, neg, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...marginShape });

/** −log σ(βΔ) a pair: plain DPO. Throws `bad-batch`, `bad-options`. */
export function sigmoid(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('sigmoid', options, given);
  const scores = logRatios('sigmoid', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const losses = neg(logSigmoid(logits)); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const sigmoidLoss = defineLoss({
  name: 'sigmoid',
  version: 1,
  paper: 'Rafailov et al. 2023, Direct Preference Optimization (arXiv:2305.18290)',
  equation: '7: −log σ(βΔ)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: sigmoid,
});
