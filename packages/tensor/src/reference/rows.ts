// Reductions and row functions of the reference device: sums in double, in the order of the index, rounded once.
import type { ReduceName } from '../device.js';

interface Fold {
  readonly start: number;
  step(sum: number, x: number): number;
}
const folds = {
  sum: { start: 0, step: (sum, x) => sum + x },
  max: { start: -Infinity, step: (best, x) => Math.max(best, x) },
  min: { start: Infinity, step: (best, x) => Math.min(best, x) },
} as const satisfies Record<ReduceName, Fold>;

/** (outer, axis, inner) -> (outer, inner). */
export function reduce(name: ReduceName, x: Float32Array, outer: number, axis: number, inner: number): Float32Array {
  const fold: Fold = folds[name];
  const y = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = fold.start;
      for (let a = 0, at = o * axis * inner + i; a < axis; a++, at += inner) sum = fold.step(sum, x[at] ?? 0);
      y[o * inner + i] = sum;
    }
  }
  return y;
}

/** log Σ exp of a row in two parts: the largest, and what the others add to it. Their sum may round the second off. */
function partsOfLogSumExp(x: Float32Array | Float64Array, from: number, length: number): readonly [number, number] {
  let largest = -Infinity;
  for (let i = from; i < from + length; i++) largest = Math.max(largest, x[i] ?? 0);
  if (largest === -Infinity) return [-Infinity, 0];
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += Math.exp((x[i] ?? 0) - largest);
  return [largest, Math.log(sum)];
}

/** log Σ exp of a row, with the largest subtracted first. */
export function logSumExp(x: Float32Array | Float64Array, from: number, length: number): number {
  const [largest, rest] = partsOfLogSumExp(x, from, length);
  return largest + rest;
}

/** Softmax of each row. */
export function softmax(x: Float32Array, rows: number, columns: number): Float32Array {
  const y = new Float32Array(x.length);
  const exps = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    let largest = -Infinity;
    for (let c = 0; c < columns; c++) largest = Math.max(largest, x[from + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const e = Math.exp((x[from + c] ?? 0) - largest);
      exps[c] = e;
      sum += e;
    }
    for (let c = 0; c < columns; c++) y[from + c] = (exps[c] ?? 0) / sum;
  }
  return y;
}

/** Log of the softmax of each row. */
export function logSoftmax(x: Float32Array, rows: number, columns: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) {
    const from = r * columns;
    const [largest, rest] = partsOfLogSumExp(x, from, columns);
    for (let c = 0; c < columns; c++) y[from + c] = (x[from + c] ?? 0) - largest - rest;
  }
  return y;
}

/** Index of the largest of each row, the first of equals. */
export function argmax(x: Float32Array, rows: number, columns: number): Int32Array {
  const y = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    let best = 0;
    for (let c = 1; c < columns; c++) if ((x[r * columns + c] ?? 0) > (x[r * columns + best] ?? 0)) best = c;
    y[r] = best;
  }
  return y;
}

/** x[r, ids[r]] for each row. */
export function pick(x: Float32Array, rows: number, columns: number, ids: Int32Array): Float32Array {
  const y = new Float32Array(rows);
  for (let r = 0; r < rows; r++) y[r] = x[r * columns + (ids[r] ?? 0)] ?? 0;
  return y;
}

/** table[ids[i], :] for each i. */
export function gatherRows(table: Float32Array, width: number, ids: Int32Array): Float32Array {
  const y = new Float32Array(ids.length * width);
  for (let i = 0; i < ids.length; i++) {
    const from = (ids[i] ?? 0) * width;
    y.set(table.subarray(from, from + width), i * width);
  }
  return y;
}

/** target[ids[i], :] += rows[i, :], in the order of i. */
export function scatterAddRows(target: Float32Array, width: number, ids: Int32Array, rows: Float32Array): void {
  for (let i = 0; i < ids.length; i++) {
    const to = (ids[i] ?? 0) * width;
    for (let c = 0; c < width; c++) target[to + c] = (target[to + c] ?? 0) + (rows[i * width + c] ?? 0);
  }
}
