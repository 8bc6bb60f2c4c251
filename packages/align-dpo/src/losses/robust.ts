// Robust DPO: unbiased when labels are wrong with probability ε.
// Chowdhury et al. 2024, Provably Robust DPO (arXiv:2403.00409).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, logSigmoid, mul, neg, sub } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, labelSmoothing, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, labelSmoothing: labelSmoothing(0.1), ...marginShape });

/** [−(1 − ε) log σ(βΔ) + ε log σ(−βΔ)] / (1 − 2ε) a pair. Throws `bad-batch`, `bad-options`. */
export function robust(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('robust', options, given);
  const scores = logRatios('robust', transformed(batch, read));
  const logits = mul(sub(scores.chosen, scores.rejected), read.beta);
  const { labelSmoothing: epsilon } = read;
  const losses = add(
    mul(logSigmoid(logits), (epsilon - 1) / (1 - 2 * epsilon)),
    mul(logSigmoid(neg(logits)), epsilon / (1 - 2 * epsilon)),
  ); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const robustLoss = defineLoss({
  name: 'robust',
  version: 1,
  paper: 'Chowdhury et al. 2024, Provably Robust DPO (arXiv:2403.00409)',
  equation: '[−(1 − ε) log σ(βΔ) + ε log σ(−βΔ)] / (1 − 2ε)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: robust,
});
