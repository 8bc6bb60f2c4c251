// KTO: each completion against the policy's mean distance from the reference; likes and dislikes need no pairs.
// Ethayarajh et al. 2024, KTO (arXiv:2402.01306), equation 7; z0 from mismatched completions, never below 0.
import type { LabelledBatch, LossParts } from '@ingot/contracts';
import { affine, mul, neg, sigmoid, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { unpairedParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { refuse } from '../refuse.js';
import { sidesOf } from '../unpaired.js';
import { hostRatio } from '../host-ratio.js';

const options = z.strictObject({
  beta,
  desirableWeight: z.number().nonnegative().default(1).describe('λ_D, weight of chosen completions; TRL: 1.'),
  undesirableWeight: z.number().nonnegative().default(1).describe('λ_U, weight of rejected completions; TRL: 1.'),
});

/** z0, an estimate of KL(π, π_ref), 0 or more. */
export type KtoStatistics = { readonly kl: number };

/** Mean log-ratio of the whole batch's mismatched completions, not below 0. Throws `bad-batch` without them. */
export function ktoStatistics({ mismatched }: LabelledBatch): KtoStatistics {
  if (mismatched === undefined)
    throw refuse(
      'kto',
      'mismatched completions, or statistics',
      'neither',
      'pair each prompt with the next completion',
    );
  const ratios = hostRatio('kto', mismatched);
  return { kl: Math.max(0, ratios.reduce((a, b) => a + b, 0) / ratios.length) };
}

/** λ_D (1 − σ(β(c − z0))) a chosen, λ_U (1 − σ(β(z0 − r))) a rejected completion; the weight counts both. Throws `bad-batch`, `bad-options`. */
export function kto(
  batch: LabelledBatch,
  given: z.input<typeof options> = {},
  statistics: KtoStatistics = ktoStatistics(batch),
): LossParts {
  const read = readOptions('kto', options, given);
  const { kl } = statistics;
  const weight = { chosen: read.desirableWeight, rejected: read.undesirableWeight };
  const losses = (name: keyof typeof weight, score: Tensor): Tensor => {
    const value = affine(score, read.beta, -read.beta * kl); // (n)
    return mul(affine(sigmoid(name === 'chosen' ? value : neg(value)), -1, 1), weight[name]);
  };
  return unpairedParts(sidesOf('kto', batch, losses), read.beta);
}

export const ktoLoss = defineLoss({
  name: 'kto',
  version: 1,
  paper: 'Ethayarajh et al. 2024, KTO (arXiv:2402.01306)',
  equation: '7: λ_D (1 − σ(β(c − z0))), λ_U (1 − σ(β(z0 − r)))',
  reference: true,
  feedback: 'labels',
  options,
  loss: kto,
  statistics: ktoStatistics,
});
