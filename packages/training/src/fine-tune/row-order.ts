// Which rows a step sees: each epoch visits every row once, in an order of its own, as a pure function of (seed, position).
import { permutation } from '../batches.js';
import { namedKey } from '../initialise.js';

/**
 * Rows number `first` … `first + count − 1` of a run over `rows` rows, counted over all epochs; a step may straddle two.
 * Only one epoch's order is held. Data of two kinds have orders of their own by `name`.
 */
export function rowOrder(rows: number, seed: number, name = 'rows'): (first: number, count: number) => number[] {
  let epoch = -1;
  let order: Uint32Array = new Uint32Array();
  const at = (position: number): number => {
    const wanted = Math.floor(position / rows);
    if (wanted !== epoch) {
      epoch = wanted;
      order = permutation(rows, namedKey(seed, `${name}/epoch ${epoch}`));
    }
    return order[position % rows] ?? 0;
  };
  return (first, count) => Array.from({ length: count }, (_, i) => at(first + i));
}
