// SFT on the chosen completions, as a loss of its own or a term of others (RPO, CPO, ORPO).
// Ouyang et al. 2022, InstructGPT (arXiv:2203.02155), section 3.5: maximum likelihood.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { readOptions } from '../read-options.js';
import { checkPairs } from '../scores.js';
import { average, type SupervisedStatistics, supervisedStatistics, supervisedTerm } from '../supervised-term.js';

const options = z.strictObject({ average });

/** −log π(chosen), averaged over tokens or sequences; statistics are the whole batch's. Throws `bad-batch`, `bad-options`. */
export function sft(
  batch: PreferenceBatch,
  given: z.input<typeof options> = {},
  statistics?: SupervisedStatistics,
): LossParts {
  const read = readOptions('sft', options, given);
  checkPairs('sft', batch);
  const scores = { chosen: batch.chosen.policy, rejected: batch.rejected.policy };
  return pairParts(batch, supervisedTerm(batch, read.average, statistics), scores, 1);
}

export const sftLoss = defineLoss({
  name: 'sft',
  version: 1,
  paper: 'Ouyang et al. 2022, InstructGPT (arXiv:2203.02155)',
  equation: '−log π(y_w | x), a token',
  reference: false,
  feedback: 'pairs',
  options,
  loss: sft,
  statistics: supervisedStatistics,
});
