// What supervised tuning learns: the weighted loss of a step's examples and of what is mixed in, exact by weight over micro-batches.
import { noGrad, scope } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';
import {
  accumulate,
  packedBatch,
  rowOrder,
  weightedLoss,
  type Evaluated,
  type LossHow,
  type Objective,
  type PackedBatch,
  type Policy,
  type WeightedSequence,
} from '@ingot/training';
import { noisyWeights } from './neftune.js';
import type { SftOptions } from './options.js';

/** What it is made of. */
export interface SftData {
  readonly examples: readonly WeightedSequence[];
  readonly mix: readonly WeightedSequence[];
  readonly heldOut: readonly WeightedSequence[];
}
type Chosen = { readonly sequence: WeightedSequence; readonly number: number };

const cut = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
const pack = (
  { design }: LiveModel,
  sequences: readonly WeightedSequence[],
  { packing }: Pick<SftOptions, 'packing'>,
): PackedBatch => packedBatch(sequences, { packing, limit: design.context });

/**
 * Which rows of the mix join each step, so that they are `share` of all that it sees: over steps the count is exact.
 * Throws no error; without a mix there are none.
 */
export function mixRows(
  rows: number,
  { share, batch, seed }: { readonly share: number; readonly batch: number; readonly seed: number },
): (step: number) => number[] {
  if (rows === 0) return () => [];
  const order = rowOrder(rows, seed, 'mix');
  const until = (step: number): number => Math.round((step * batch * share) / (1 - share));
  return (step) => order(until(step), until(step + 1) - until(step));
}

/** Mean −log p over the weight of examples, in nats, without noise, smoothing or dropout. */
export function meanLoss(
  live: LiveModel,
  sequences: readonly WeightedSequence[],
  options: Pick<SftOptions, 'packing'> & { readonly rows: number },
): number {
  let [sum, weight] = [0, 0];
  for (const some of cut(sequences, options.rows)) {
    const batch = pack(live, some, options);
    sum += noGrad(() => scope(() => weightedLoss(live, batch).item()));
    weight += batch.weight;
  }
  return sum / weight;
}

/** The objective of a policy on encoded examples. */
export function sftObjective(
  policy: Policy,
  { examples, mix, heldOut }: SftData,
  options: SftOptions,
  seed: number,
): Objective {
  const { batch, microBatch = batch, neftune, smoothing, loss, mixShare, evalRows } = options;
  const mixed = mixRows(mix.length, { share: mixShare, batch, seed });
  const watched = heldOut.slice(0, evalRows);
  const lossHow = (packed: PackedBatch, some: readonly Chosen[], step: number, firstRow: number): LossHow => ({
    loss,
    smoothing,
    ...(options.dropout ? { dropout: { seed, step, firstRow } } : {}),
    ...(neftune > 0
      ? {
          through: (weights, ids) =>
            noisyWeights(weights, ids, packed, {
              alpha: neftune,
              seed,
              step,
              examples: some.map(({ number }) => number),
            }),
        }
      : {}),
  });
  return {
    rows: examples.length,
    gradients(rows, { step }) {
      const chosen: Chosen[] = [
        ...rows.map((row) => ({ sequence: examples[row]!, number: row })),
        ...mixed(step).map((row) => ({ sequence: mix[row]!, number: examples.length + row })),
      ];
      const micros = cut(chosen, microBatch).map((some, i) => ({
        some,
        firstRow: i * microBatch,
        packed: pack(
          policy.live,
          some.map(({ sequence }) => sequence),
          options,
        ),
      }));
      const { loss: mean, weight } = accumulate(
        micros,
        ({ packed }) => packed.weight,
        ({ packed, some, firstRow }) => {
          policy.at(step, firstRow);
          return weightedLoss(policy.live, packed, lossHow(packed, some, step, firstRow));
        },
      );
      return {
        loss: mean,
        tokens: chosen.reduce((sum, { sequence }) => sum + sequence.ids.length - 1, 0),
        values: { learntTokens: weight },
      };
    },
    ...(watched.length === 0
      ? {}
      : {
          evaluate(): Evaluated {
            const validationLoss = meanLoss(policy.still, watched, { ...options, rows: microBatch });
            return { values: { validationLoss }, score: validationLoss };
          },
        }),
  };
}
