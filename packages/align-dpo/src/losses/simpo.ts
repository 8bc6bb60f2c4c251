// SimPO: the average log-probability is the reward, with a margin to win by and no reference.
// Meng et al. 2024, SimPO (arXiv:2405.14734), equation 6; γ here as in TRL is the margin itself.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { affine, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { checkPairs } from '../scores.js';
import { smoothed } from '../smoothed.js';
import { perToken } from '../transforms/length-normalised.js';

const options = z.strictObject({
  beta,
  gamma: z
    .number()
    .default(0.5)
    .describe('The margin to win by; TRL: 0.5. The paper uses β 2 to 10 and γ from 0.3β to 1.6.'),
  labelSmoothing: labelSmoothing(0),
});

/** −log σ(β(log π(y_w)/|y_w| − log π(y_l)/|y_l|) − γ) a pair. Throws `bad-batch`, `bad-options`. */
export function simpo(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('simpo', options, given);
  checkPairs('simpo', batch);
  const scores = {
    chosen: perToken(batch.chosen.policy, batch.chosen.lengths),
    rejected: perToken(batch.rejected.policy, batch.rejected.lengths),
  };
  const logits = affine(sub(scores.chosen, scores.rejected), read.beta, -read.gamma);
  return pairParts(batch, smoothed(logits, read.labelSmoothing), scores, read.beta);
}

export const simpoLoss = defineLoss({
  name: 'simpo',
  version: 1,
  paper: 'Meng et al. 2024, SimPO (arXiv:2405.14734)',
  equation: '6: −log σ(β(log π(y_w)/|y_w| − log π(y_l)/|y_l|) − γ)',
  reference: false,
  feedback: 'pairs',
  options,
  loss: simpo,
});
