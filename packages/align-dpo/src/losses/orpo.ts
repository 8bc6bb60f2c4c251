// ORPO: SFT and the odds ratio of chosen to rejected, without a reference.
// Hong et al. 2024, ORPO (arXiv:2403.07691), equations 6 and 7.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { log, logSigmoid, mul, neg, sub, tanh, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { readOptions } from '../read-options.js';
import { checkPairs } from '../scores.js';
import { average, type SupervisedStatistics, supervisedStatistics, supervisedTerm } from '../supervised-term.js';
import { perToken } from '../transforms/length-normalised.js';

const options = z.strictObject({
  lambda: z.number().nonnegative().default(0.1).describe("Weight of the odds-ratio term; TRL's beta: 0.1."),
  average,
});

/** log(1 − e^x) for x < 0, without cancellation near 0: 1 − e^x = tanh(−x/2) · (1 + e^x). */
const logOneMinusExp = (x: Tensor): Tensor => sub(log(tanh(mul(x, -0.5))), logSigmoid(neg(x)));

/** −log π(y_w) averaged, − λ log σ(log odds(y_w) − log odds(y_l)) with average log-probabilities; statistics are the whole batch's. Throws `bad-batch`, `bad-options`. */
export function orpo(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics?: SupervisedStatistics,
): LossParts {
  const read = readOptions('orpo', options, given);
  checkPairs('orpo', batch);
  const scores = {
    chosen: perToken(batch.chosen.policy, batch.chosen.lengths),
    rejected: perToken(batch.rejected.policy, batch.rejected.lengths),
  };
  const odds = (score: Tensor): Tensor => sub(score, logOneMinusExp(score)); // log p/(1 − p), (B)
  const ratio = logSigmoid(sub(odds(scores.chosen), odds(scores.rejected)));
  const supervised = supervisedTerm(batch, read.average, statistics);
  return pairParts(batch, sub(supervised, mul(ratio, read.lambda)), scores, read.lambda);
}

export const orpoLoss = defineLoss({
  name: 'orpo',
  version: 1,
  paper: 'Hong et al. 2024, ORPO (arXiv:2403.07691)',
  equation: '6, 7: −log π(y_w) − λ log σ(log odds(y_w) − log odds(y_l))',
  reference: false,
  feedback: 'pairs',
  options,
  loss: orpo,
  statistics: supervisedStatistics,
});
