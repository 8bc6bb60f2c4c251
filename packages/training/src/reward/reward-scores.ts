// Scores of sequences by a scalar head on a trunk, read at each sequence's last real token, whatever else its row holds (Ouyang et al. 2022, section 3.5).
import { scope, tensor, type Tensor } from '@ingot/tensor';
import type { LiveModel, ParameterSpec } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { layOut, layoutContext } from '../sequences/layout.js';
import { rowsOf, type RowsHow } from '../sequences/pack.js';
import { gatherRows, type RowsContext } from '../sequences/token-losses.js';

/** The head's weight among a reward model's tensors, for a trunk of this width: (1, C), N(0, 1/√(C + 1)) as in Stiennon et al. 2020, no bias. */
export const rewardHead = (width: number): ParameterSpec => ({
  name: 'reward.weight',
  shape: [1, width],
  init: { kind: 'normal', std: 1 / Math.sqrt(width + 1) },
});

/**
 * Scores of S sequences of ids, (S), with gradient unless inside of `noGrad`: reward · hidden(last token) (+ bias where there is one).
 * The weights of `live` know the linear layer 'reward'. Packed, padded to the right or to the left: the last token is the sequence's own.
 * @throws IngotError `bad-input` for an empty sequence, or one longer than a row.
 */
export function rewardScores(
  live: LiveModel,
  sequences: readonly Int32Array[],
  how: RowsHow & RowsContext = {},
): Tensor {
  const { device, family, design, weights } = live;
  const lengths = sequences.map(({ length }) => length);
  const layout = layOut(lengths, rowsOf(lengths, { limit: design.context, ...how }), how.side);
  const { rows, length } = layout;
  const flat = new Int32Array(rows * length);
  sequences.forEach((ids, s) => flat.set(ids, layout.starts[s]));
  const last = layout.starts.map((start, s) => start + lengths[s]! - 1);
  return scope(() => {
    const ids = tensor(device, flat, [rows, length], 'i32');
    const seen = how.through === undefined ? weights : how.through(weights, ids);
    const hidden = family.forward(design, seen, ids, {
      ...(how.dropout === undefined ? {} : { dropout: how.dropout }),
      ...layoutContext(device, layout),
    }); // (R, T, C)
    const pooled = gatherRows(hidden.reshape([rows * length, hidden.shape.at(-1)!]), last); // (S, C)
    return weights.linear('reward', pooled).reshape([sequences.length]);
  });
}

/**
 * The width of a design's hidden states, from the parameters of its head.
 * @throws IngotError `bad-value` for a family that has no such parameter.
 */
export function trunkWidth({ family, design }: Pick<LiveModel, 'family' | 'design'>): number {
  const name = `${family.head(design)}.weight`;
  const width = family.parameters(design).find((spec) => spec.name === name)?.shape[1];
  if (width === undefined)
    throw new IngotError(
      'bad-value',
      `The family '${family.name}' names '${name}' as its head, but has no such matrix among its parameters. Mend the family.`,
    );
  return width;
}
