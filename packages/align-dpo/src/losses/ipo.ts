// IPO: the margin is regressed on 1/(2β), so that it cannot grow without end.
// Azar et al. 2023, A General Theoretical Paradigm (arXiv:2310.12036), equation 17; by default per token, as TRL after asking the authors.
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import { affine, square, sub, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { defineLoss } from '../define-loss.js';
import { pairParts } from '../loss-parts.js';
import { beta, readOptions } from '../read-options.js';
import { logRatios } from '../scores.js';
import { perToken } from '../transforms/length-normalised.js';
import { marginShape, transformed } from '../transforms/options.js';

const options = z.strictObject({
  beta,
  perToken: z.boolean().default(true).describe('Average log-ratios over tokens; TRL: always.'),
  ...marginShape,
});

/** (Δ − 1/(2β))² a pair. Throws `bad-batch`, `bad-options`. */
export function ipo(batch: PreferenceBatch, given: z.input<typeof options> = {}): LossParts {
  const read = readOptions('ipo', options, given);
  const scores = logRatios('ipo', transformed(batch, read));
  const by = (score: Tensor, lengths: ArrayLike<number>): Tensor => (read.perToken ? perToken(score, lengths) : score);
  const margin = sub(by(scores.chosen, batch.chosen.lengths), by(scores.rejected, batch.rejected.lengths));
  const losses = square(affine(margin, 1, -1 / (2 * read.beta))); // (B)
  return pairParts(batch, losses, scores, read.beta);
}

export const ipoLoss = defineLoss({
  name: 'ipo',
  version: 1,
  paper: 'Azar et al. 2023, A General Theoretical Paradigm (arXiv:2310.12036)',
  equation: '17: (Δ − 1/(2β))², c and r averaged over tokens',
  reference: true,
  feedback: 'pairs',
  options,
  loss: ipo,
});
