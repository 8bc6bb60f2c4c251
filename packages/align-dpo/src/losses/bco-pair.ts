// BCO on pairs without a shift: chosen against 0, rejected against 0.
// Jung et al. 2024, Binary Classifier Optimization (arXiv:2404.04656), with δ = 0.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, logSigmoid, mul, neg } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...lengthShape });

/** −log σ(βc) − log σ(−βr) a pair. Throws `bad-batch`, `bad-options`. */
export function bcoPair(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('bco-pair', options, given);
  const scores = logRatios('bco-pair', transformed(batch, read));
  const [chosen, rejected] = [mul(scores.chosen, read.beta), mul(scores.rejected, read.beta)];
  const losses = neg(add(logSigmoid(chosen), logSigmoid(neg(rejected)))); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const bcoPairLoss = defineLoss({
  name: 'bco-pair',
  version: 1,
  paper: 'Jung et al. 2024, Binary Classifier Optimization (arXiv:2404.04656)',
  equation: 'δ = 0: −log σ(βc) − log σ(−βr)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: bcoPair,
});
