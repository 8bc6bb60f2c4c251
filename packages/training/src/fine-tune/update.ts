// One optimiser step around anybody's gradients: norm, clipping, update, and the reason when a number goes wrong.
import { IngotError } from '@ingot/core';
import { clipFactor, globalNorm, isTensorError, watchNumbers, type ParameterTree } from '@ingot/tensor';
import type { OptimiserAtWork } from '@ingot/contracts';

/** How a step is done. */
export interface UpdateHow {
  /** Whose step, for messages. */
  readonly stage: string;
  /** Counted from 0. */
  readonly step: number;
  /** The schedule's multiplier. */
  readonly factor: number;
  /** Limit of the global gradient norm; undefined for none. */
  readonly clip: number | undefined;
  /** Look at every op for the first number that is not finite. */
  readonly anomaly: boolean;
  /** Sees the gradients, before clipping, while they are there; what it gives is called after the update. */
  readonly look?: (parameters: ParameterTree) => () => void;
}

/** Runs the same gradients again in anomaly mode: the sentence that names the first op which made a NaN or an infinity. */
function firstBadOp(parameters: ParameterTree, gradients: () => unknown): string {
  try {
    parameters.zeroGradients();
    watchNumbers(gradients);
  } catch (error) {
    if (isTensorError(error) && error.code === 'not-finite') return `The first op that made it: ${error.message}`;
    throw error;
  }
  return 'Every op gave finite numbers: the squares of the gradients overflow in their sum.';
}
const failed = ({ stage, step }: UpdateHow, what: string, why: string): IngotError =>
  new IngotError(
    'bad-numbers',
    `The stage '${stage}' stopped at step ${step + 1}: ${what}. ${why} Parameters are as they were before this step. Try a lower learning rate, a longer warm-up, or clip: 1.`,
  );

/**
 * `gradients` adds the gradient of the mean loss into the parameters and gives what it measured; then they are clipped and the optimiser steps. The gradients are freed.
 * @throws IngotError `bad-numbers` when loss or gradient norm is no number, before any parameter is touched, naming the first op that made it so.
 */
export function updateStep<Measured extends { readonly loss: number }>(
  { parameters, optimiser }: { readonly parameters: ParameterTree; readonly optimiser: OptimiserAtWork },
  how: UpdateHow,
  gradients: () => Measured,
): Measured & { readonly gradientNorm: number } {
  parameters.zeroGradients();
  try {
    const measured = how.anomaly ? watchNumbers(gradients) : gradients();
    const gradientNorm = globalNorm(parameters);
    if (!Number.isFinite(measured.loss) || !Number.isFinite(gradientNorm)) {
      const what = Number.isFinite(measured.loss)
        ? `the gradient norm is ${gradientNorm}`
        : `the loss is ${measured.loss}`;
      throw failed(how, what, firstBadOp(parameters, gradients));
    }
    const looked = how.look?.(parameters);
    optimiser.step(how.factor, how.clip === undefined ? 1 : clipFactor(gradientNorm, how.clip));
    looked?.();
    return { ...measured, gradientNorm };
  } catch (error) {
    if (isTensorError(error) && error.code === 'not-finite')
      throw failed(how, 'a number is not finite', `The first op that made it: ${error.message}`);
    throw error;
  } finally {
    parameters.zeroGradients();
  }
}
