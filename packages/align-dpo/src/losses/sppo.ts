// SPPO with hard labels: log-ratios are regressed on ±1/(2β).
// Wu et al. 2024, Self-Play Preference Optimization (arXiv:2405.00675), equation 4.7 with P = 1 and 0.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, affine, square } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { lengthShape, transformed } from '../transforms/options.js';

const options = z.strictObject({ beta, ...lengthShape });

/** (c − ½/β)² + (r + ½/β)² a pair. Throws `bad-batch`, `bad-options`. */
export function sppo(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('sppo', options, given);
  const scores = logRatios('sppo', transformed(batch, read));
  const target = 0.5 / read.beta;
  const losses = add(square(affine(scores.chosen, 1, -target)), square(affine(scores.rejected, 1, target))); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const sppoLoss = defineLoss({
  name: 'sppo',
  version: 1,
  paper: 'Wu et al. 2024, Self-Play Preference Optimization (arXiv:2405.00675)',
  equation: '4.7: (c − ½/β)² + (r + ½/β)²',
  reference: true,
  feedback: 'pairs',
  options,
  loss: sppo,
});
