// One optimiser step, synchronous from batch to update, with the reason when it fails.
import { IngotError } from '@ingot/core';
import { clipFactor, globalNorm, isTensorError, watchNumbers, type ParameterTree } from '@ingot/tensor';
import type { OptimiserAtWork } from '@ingot/contracts';
import {
  accumulate,
  batchLoss,
  scored,
  split,
  type Accumulated,
  type Runnable,
  type TokenBatch,
} from '@ingot/training';

/** What a step works on. */
export interface StepSubject {
  readonly model: Runnable;
  readonly parameters: ParameterTree;
  readonly optimiser: OptimiserAtWork;
}
/** How a step is done. */
export interface StepHow {
  /** Counted from 0. */
  readonly step: number;
  /** Rows of a micro-batch. */
  readonly rows: number;
  /** The schedule's multiplier. */
  readonly factor: number;
  readonly clip: number | undefined;
  /** Seed of dropout's masks; none: nothing is dropped. */
  readonly dropoutSeed: number | undefined;
  readonly anomaly: boolean;
  /** Sees the gradients, before clipping, while they are there; what it gives is called after the update. */
  readonly look?: ((parameters: ParameterTree) => () => void) | undefined;
}
/** Mean loss in nats a token, and the norm of its gradient before clipping. */
export interface StepNumbers {
  readonly loss: number;
  readonly gradientNorm: number;
}

function gradients(
  { model, parameters }: StepSubject,
  batch: TokenBatch,
  { rows, step, dropoutSeed }: StepHow,
): Accumulated {
  parameters.zeroGradients();
  return accumulate(
    split(batch, rows),
    (micro) => scored(micro.batch.targets),
    (micro) =>
      batchLoss(
        model,
        micro.batch,
        dropoutSeed === undefined ? {} : { dropout: { seed: dropoutSeed, step, firstRow: micro.firstRow } },
      ),
  );
}

/** Runs the same step again in anomaly mode: the sentence that names the first op which made a NaN or an infinity. */
function firstBadOp(subject: StepSubject, batch: TokenBatch, how: StepHow): string {
  try {
    watchNumbers(() => gradients(subject, batch, how));
  } catch (error) {
    if (isTensorError(error) && error.code === 'not-finite') return `The first op that made it: ${error.message}`;
    throw error;
  }
  return 'Every op gave finite numbers: the squares of the gradients overflow in their sum.';
}

/**
 * Gradients, clipping and update of one batch; the gradients are freed.
 * @throws IngotError `bad-numbers` when loss or gradient norm is no number, before any parameter is touched, naming the first op that made it so.
 */
export function trainStep(subject: StepSubject, batch: TokenBatch, how: StepHow): StepNumbers {
  const { parameters, optimiser } = subject;
  const run = () => gradients(subject, batch, how);
  try {
    const { loss } = how.anomaly ? watchNumbers(run) : run();
    const gradientNorm = globalNorm(parameters);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      const what = Number.isFinite(loss) ? `the gradient norm is ${gradientNorm}` : `the loss is ${loss}`;
      throw failed(how.step, what, firstBadOp(subject, batch, how));
    }
    const looked = how.look?.(parameters);
    optimiser.step(how.factor, how.clip === undefined ? 1 : clipFactor(gradientNorm, how.clip));
    looked?.();
    return { loss, gradientNorm };
  } catch (error) {
    if (isTensorError(error) && error.code === 'not-finite')
      throw failed(how.step, 'a number is not finite', `The first op that made it: ${error.message}`);
    throw error;
  } finally {
    parameters.zeroGradients();
  }
}
const failed = (step: number, what: string, why: string): IngotError =>
  new IngotError(
    'bad-numbers',
    `The stage 'pretrain' stopped at step ${step + 1}: ${what}. ${why} Parameters are as they were before this step. Try a lower learning rate, a longer warm-up, or clip: 1.`,
  );
