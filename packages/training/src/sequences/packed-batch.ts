// A batch of weighted sequences in rows: the target of a token is the next one of its own sequence, and only weighted targets are scored.
import { IngotError } from '@ingot/core';
import { layOut, type Layout } from './layout.js';
import { rowsOf, type RowsHow } from './pack.js';

/** Token ids, and the weight of each as a target: weights[i] belongs to ids[i], 0 is not learnt. The first has nothing before it and is never scored. */
export interface WeightedSequence {
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

/** S sequences in rows; N targets are scored. */
export interface PackedBatch extends Layout {
  /** (rows, T); 0 in padding. The last token of a sequence is nobody's input: it is left out. */
  readonly ids: Int32Array;
  /** Places of the scored targets in the flat rows, in the order of the sequences, (N). */
  readonly scored: Int32Array;
  /** The ids to be predicted there, (N). */
  readonly targets: Int32Array;
  /** Their weights, (N). */
  readonly weights: Float32Array;
  /** Scored targets of each sequence, (S). */
  readonly counts: Int32Array;
  /** Σ weights: what a mean over the batch divides by. */
  readonly weight: number;
}

/**
 * Packs sequences into rows.
 * @throws IngotError `bad-input` for a sequence of fewer than two tokens, for weights that are too few, negative or no numbers, and for one longer than a row.
 */
export function packedBatch(sequences: readonly WeightedSequence[], how: RowsHow = {}): PackedBatch {
  sequences.forEach(check);
  const lengths = sequences.map(({ ids }) => ids.length - 1);
  const layout = layOut(lengths, rowsOf(lengths, how), how.side);
  const ids = new Int32Array(layout.rows * layout.length);
  const [scored, targets, weights]: [number[], number[], number[]] = [[], [], []];
  const counts = new Int32Array(sequences.length);
  sequences.forEach((sequence, s) => {
    const start = layout.starts[s]!;
    ids.set(sequence.ids.subarray(0, -1), start);
    for (let i = 1; i < sequence.ids.length; i++) {
      const weight = sequence.weights[i]!;
      if (weight === 0) continue;
      scored.push(start + i - 1);
      targets.push(sequence.ids[i]!);
      weights.push(weight);
      counts[s]!++;
    }
  });
  return {
    ...layout,
    ids,
    scored: Int32Array.from(scored),
    targets: Int32Array.from(targets),
    weights: Float32Array.from(weights),
    counts,
    weight: weights.reduce((sum, weight) => sum + weight, 0),
  };
}

function check({ ids, weights }: WeightedSequence, s: number): void {
  if (ids.length < 2)
    throw new IngotError(
      'bad-input',
      `Sequence ${s} has ${ids.length} tokens. Wanted two or more: the first one only begins it, and there must be one to predict.`,
    );
  if (weights.length !== ids.length || !weights.every((weight) => weight >= 0 && Number.isFinite(weight)))
    throw new IngotError(
      'bad-input',
      `Sequence ${s} has ${ids.length} tokens and ${weights.length} weights. Wanted one weight a token, each a finite number from 0.`,
    );
}
