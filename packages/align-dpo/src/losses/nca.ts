// NCA: noise contrast that keeps the chosen likelihood up.
// Chen et al. 2024, Noise Contrastive Alignment of Language Models with Explicit Rewards (arXiv:2402.05369), for two responses.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, logSigmoid, mul, neg } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...lengthShape });

/** −log σ(βc) − ½ log σ(−βc) − ½ log σ(−βr) a pair. Throws `bad-batch`, `bad-options`. */
export function nca(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('nca', options, given);
  const scores = logRatios('nca', transformed(batch, read));
  const [chosen, rejected] = [mul(scores.chosen, read.beta), mul(scores.rejected, read.beta)];
  const noise = add(logSigmoid(neg(chosen)), logSigmoid(neg(rejected)));
  const losses = neg(add(logSigmoid(chosen), mul(noise, 0.5))); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const ncaLoss = defineLoss({
  name: 'nca',
  version: 1,
  paper: 'Chen et al. 2024, Noise Contrastive Alignment of Language Models with Explicit Rewards (arXiv:2402.05369)',
  equation: 'K = 2: −log σ(βc) − ½ log σ(−βc) − ½ log σ(−βr)',
  reference: true,
  feedback: 'pairs',
  options,
  loss: nca,
});
