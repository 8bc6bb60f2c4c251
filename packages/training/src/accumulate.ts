// Gradient accumulation that is exact by token count: every micro-batch is divided by the scored tokens of the whole batch, not by its own.
import { backward, scope, type Tensor } from '@ingot/tensor';
import { IngotError } from '@ingot/core';

/** The mean loss over all scored tokens, in nats, and how many there were. */
export interface Accumulated {
  readonly loss: number;
  readonly weight: number;
}

/**
 * Adds d(Σ losses / Σ weights) into the parameters' gradients, one micro-batch at a time.
 * `lossOf` gives the sum (not the mean) of a micro-batch's losses as a tensor of one element; `weightOf` how many tokens it scores.
 * @throws IngotError `bad-input` when nothing is scored at all.
 */
export function accumulate<Micro>(
  micros: readonly Micro[],
  weightOf: (micro: Micro) => number,
  lossOf: (micro: Micro) => Tensor,
): Accumulated {
  const weight = micros.reduce((sum, micro) => sum + weightOf(micro), 0);
  if (weight === 0)
    throw new IngotError(
      'bad-input',
      `None of the targets of this batch is scored, so it has no loss. Leave such a batch out.`,
    );
  let sum = 0;
  for (const micro of micros) {
    if (weightOf(micro) === 0) continue;
    sum += scope(() => {
      const loss = lossOf(micro);
      const value = loss.item();
      backward(loss, 1 / weight);
      return value;
    });
  }
  return { loss: sum / weight, weight };
}
