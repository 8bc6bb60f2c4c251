// What the tests of policies do with a live model: its loss, its log-probabilities, steps of training.
import type { LiveModel } from '@ingot/contracts';
import { noGrad, scope, tensor } from '@ingot/tensor';
import { accumulate } from '../accumulate.js';
import { scored, split, type TokenBatch } from '../batches.js';
import { batchLoss } from '../loss.js';
import { adamw } from '../optimisers.js';
import type { Policy } from './policy.js';

/** Four rows of eight tokens, of which the last rows end in padding. */
export const batch: TokenBatch = {
  rows: 4,
  length: 8,
  ids: Int32Array.from({ length: 32 }, (_, i) => (5 * i + 3 * Math.floor(i / 8)) % 13),
  targets: Int32Array.from({ length: 32 }, (_, i) => (i % 8 > 5 && i > 16 ? -1 : (7 * i + 2) % 13)),
};

/** Σ −log p over the batch. */
export const lossOf = (live: LiveModel, of = batch): number => noGrad(() => scope(() => batchLoss(live, of).item()));

/** Logits of the batch, (B·T·V) numbers. */
export const logitsOf = ({ device, family, design, weights }: LiveModel, { ids, rows, length } = batch): Float32Array =>
  noGrad(() =>
    scope(
      () =>
        weights
          .logits(family.head(design), family.forward(design, weights, tensor(device, ids, [rows, length], 'i32')))
          .read() as Float32Array,
    ),
  );

/** Gradients of the mean loss, micro-batch by micro-batch of so many rows. */
export function gradients(policy: Policy, { step = 0, rows = batch.rows, of = batch } = {}): Map<string, Float32Array> {
  policy.parameters.zeroGradients();
  accumulate(
    split(of, rows),
    ({ batch: micro }) => scored(micro.targets),
    ({ batch: micro, firstRow }) => {
      policy.at(step, firstRow);
      return batchLoss(policy.live, micro);
    },
  );
  return new Map(
    policy.parameters
      .values()
      .flatMap(({ name, gradient }) => (gradient ? [[name, gradient.read() as Float32Array]] : [])),
  );
}

/** Steps of AdamW on the batch; gives what the optimiser remembers, by name. */
export function train(policy: Policy, steps: number, lr = 0.05): string[] {
  const optimiser = adamw({ lr }).start(policy.parameters);
  for (let step = 0; step < steps; step++) {
    gradients(policy, { step });
    optimiser.step(1, 1);
  }
  policy.parameters.zeroGradients();
  const names = Object.keys(optimiser.state);
  optimiser.dispose();
  return names;
}
