// Length-normalised DPO: log-ratios averaged over tokens before the margin.
// Rafailov et al. 2023, Direct Preference Optimization (arXiv:2305.18290), equation 7, with the average of SimPO (arXiv:2405.14734, equation 3).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { logSigmoid, mul, neg, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { perToken } from '../transforms/length-normalised.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...marginShape });

/** −log σ(β(c/|y_w| − r/|y_l|)) a pair. Throws `bad-batch`, `bad-options`. */
export function sigmoidNorm(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('sigmoid-norm', options, given);
  const scores = logRatios('sigmoid-norm', transformed(batch, read));
  const { chosen, rejected } = batch;
  const margin = sub(perToken(scores.chosen, chosen.lengths), perToken(scores.rejected, rejected.lengths));
  const losses = neg(logSigmoid(mul(margin, read.beta))); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const sigmoidNormLoss = defineLoss({
  name: 'sigmoid-norm',
  version: 1,
  paper: 'Rafailov et al. 2023, Direct Preference Optimization (arXiv:2305.18290)',
  equation: '7 per token: −log σ(β(c/|y_w| − r/|y_l|))',
  reference: true,
  feedback: 'pairs',
  options,
  loss: sigmoidNorm,
});
