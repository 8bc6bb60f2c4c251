// One optimiser step, synchronous from batch to update, with the reason when it fails.
import type { ParameterTree } from '@ingot/tensor';
import type { OptimiserAtWork } from '@ingot/contracts';
import { accumulate, batchLoss, scored, split, updateStep, type Runnable, type TokenBatch } from '@ingot/training';

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

/**
 * Gradients, clipping and update of one batch; the gradients are freed.
 * @throws IngotError `bad-numbers` when loss or gradient norm is no number, before any parameter is touched, naming the first op that made it so.
 */
export function trainStep(subject: StepSubject, batch: TokenBatch, how: StepHow): StepNumbers {
  const { rows, step, factor, clip, anomaly, dropoutSeed, look } = how;
  const update = { stage: 'pretrain', step, factor, clip, anomaly, ...(look && { look }) };
  const { loss, gradientNorm } = updateStep(subject, update, () =>
    accumulate(
      split(batch, rows),
      (micro) => scored(micro.batch.targets),
      (micro) =>
        batchLoss(
          subject.model,
          micro.batch,
          dropoutSeed === undefined ? {} : { dropout: { seed: dropoutSeed, step, firstRow: micro.firstRow } },
        ),
    ),
  );
  return { loss, gradientNorm };
}
