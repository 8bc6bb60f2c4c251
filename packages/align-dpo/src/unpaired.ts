// The sides that an unpaired batch has, each with its losses.
import type { LabelledBatch } from '@ingot/contracts';
import type { Tensor } from '@ingot/tensor';
import type { UnpairedSide } from './loss-parts.js';
import { refuse } from './refuse.js';
import { logRatio } from './scores.js';

/** Chosen and rejected, where they are there: log-ratios and what `losses` makes of them, (n). Throws `bad-batch` when neither is. */
export function sidesOf(
  loss: string,
  batch: LabelledBatch,
  losses: (name: 'chosen' | 'rejected', score: Tensor) => Tensor,
): [UnpairedSide, ...UnpairedSide[]] {
  const [first, ...rest] = (['chosen', 'rejected'] as const).flatMap((name): UnpairedSide[] => {
    const side = batch[name];
    if (side === undefined) return [];
    const score = logRatio(loss, side);
    return [{ name, side, score, losses: losses(name, score) }];
  });
  if (first === undefined) throw refuse(loss, 'chosen or rejected completions', 'a batch of neither');
  return [first, ...rest];
}
