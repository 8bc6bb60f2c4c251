// CPO: DPO without a reference, and a supervised term in its place.
// Xu et al. 2024, Contrastive Preference Optimization (arXiv:2401.08417); its preference term alone is equation 3.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, mul, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { checkPairs } from '../scores.js';
import { smoothed } from '../smoothed.js';
import { average, type SupervisedStatistics, supervisedStatistics, supervisedTerm } from '../supervised-term.js';

const options = z.strictObject({
  beta,
  sftWeight: z.number().nonnegative().default(1).describe("Weight of the supervised term; TRL's cpo_alpha: 1."),
  average,
  labelSmoothing: labelSmoothing(0),
});

/** −log σ(β(log π(y_w) − log π(y_l))) − α log π(y_w), the second an average; statistics are the whole batch's. Throws `bad-batch`, `bad-options`. */
export function cpo(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics?: SupervisedStatistics,
): LossParts {
  const read = readOptions('cpo', options, given);
  checkPairs('cpo', batch);
  const scores = { chosen: batch.chosen.policy, rejected: batch.rejected.policy };
  const preference = smoothed(mul(sub(scores.chosen, scores.rejected), read.beta), read.labelSmoothing); // (B)
  const supervised = supervisedTerm(batch, read.average, statistics); // (B)
  return pairParts(batch, add(preference, mul(supervised, read.sftWeight)), scores, read.beta);
}

export const cpoLoss = defineLoss({
  name: 'cpo',
  version: 1,
  paper: 'Xu et al. 2024, Contrastive Preference Optimization (arXiv:2401.08417)',
  equation: '3 and a supervised term: −log σ(β(log π(y_w) − log π(y_l))) − α log π(y_w)',
  reference: false,
  feedback: 'pairs',
  options,
  loss: cpo,
  statistics: supervisedStatistics,
});
