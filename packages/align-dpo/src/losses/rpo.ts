// RPO: DPO and a supervised term, against the fall of the chosen likelihood.
// Pang et al. 2024, Iterative Reasoning Preference Optimization (arXiv:2404.19733); TRL's loss_type ["sigmoid", "sft"].
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, logSigmoid, mul, neg, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { average, type SupervisedStatistics, supervisedStatistics, supervisedTerm } from '../supervised-term.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({
  beta,
  sftWeight: z.number().nonnegative().default(1).describe('α of the supervised term; 0 is plain DPO. TRL: 1.'),
  average,
  ...marginShape,
});

/** −log σ(βΔ) − α log π(chosen), the second an average; statistics are the whole batch's. Throws `bad-batch`, `bad-options`. */
export function rpo(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics?: SupervisedStatistics,
): LossParts {
  const read = readOptions('rpo', options, given);
  const scores = logRatios('rpo', transformed(batch, read));
  const preference = neg(logSigmoid(mul(sub(scores.chosen, scores.rejected), read.beta))); // (B)
  const supervised = supervisedTerm(batch, read.average, statistics); // (B)
  return pairParts(batch, add(preference, mul(supervised, read.sftWeight)), scores, read.beta);
}

export const rpoLoss = defineLoss({
  name: 'rpo',
  version: 1,
  paper: 'Pang et al. 2024, Iterative Reasoning Preference Optimization (arXiv:2404.19733)',
  equation: '−log σ(βΔ) − α log π(y_w | x) / |y_w|',
  reference: true,
  feedback: 'pairs',
  options,
  loss: rpo,
  statistics: supervisedStatistics,
});
