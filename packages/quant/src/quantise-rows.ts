// Row-wise absmax in eight bits: scale = max|row| / 127, code = round(w / scale), halves to even.
// LLM.int8, Dettmers et al. 2022, arXiv:2208.07339, section 3.1; of the scheme's outlier columns there are none here: they belong to activations.
import { IngotError } from '@ingot/core';

/** A matrix in eight bits: w ≈ codes · scale of its row. */
export interface QuantisedRows {
  /** (rows, columns), from −127 to 127. */
  readonly codes: Int8Array;
  /** (rows); 0 for a row of zeros. */
  readonly scales: Float32Array;
}

/** Added to a double below 2^51 and taken off again, it leaves the nearest whole number, halves to even. */
const WHOLE = 0x18000000000000;

/**
 * Codes and scales of a matrix (rows, columns), row-major. All arithmetic is single precision, as numpy's and torch's on float32: the
 * same bits. Throws `bad-value` when the numbers are not rows × columns, `bad-numbers` for NaN and infinities.
 */
export function quantiseRows(weights: Float32Array, rows: number, columns: number): QuantisedRows {
  if (weights.length !== rows * columns)
    throw new IngotError('bad-value', `${weights.length} weights were given for a matrix of ${rows} × ${columns}.`);
  const codes = new Int8Array(weights.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const begin = row * columns;
    const scale = scaleOf(weights, begin, columns, row);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let at = begin; at < begin + columns; at++) {
      const whole = Math.fround((weights[at] ?? 0) / scale) + WHOLE - WHOLE;
      // beyond 127 only where the scale is so small that it has lost its own digits
      codes[at] = Math.max(-127, Math.min(127, whole));
    }
  }
  return { codes, scales };
}

function scaleOf(weights: Float32Array, begin: number, columns: number, row: number): number {
  let largest = 0;
  for (let at = begin; at < begin + columns; at++) {
    const size = Math.abs(weights[at] ?? 0);
    if (!(size <= 3.5e38))
      throw new IngotError(
        'bad-numbers',
        `Row ${row}, column ${at - begin} of a matrix to quantise is ${weights[at]}. Wanted finite weights: did the training diverge?`,
      );
    if (size > largest) largest = size;
  }
  return Math.fround(largest / 127);
}

/** ‖W − Q‖ / ‖W‖ over all weights, in double precision; 0 for a matrix of zeros. */
export function relativeError(weights: Float32Array, { codes, scales }: QuantisedRows): number {
  const columns = weights.length / Math.max(1, scales.length);
  let apart = 0;
  let whole = 0;
  for (let row = 0, at = 0; row < scales.length; row++) {
    const scale = scales[row] ?? 0;
    for (const end = at + columns; at < end; at++) {
      const weight = weights[at] ?? 0;
      apart += (weight - Math.fround((codes[at] ?? 0) * scale)) ** 2;
      whole += weight ** 2;
    }
  }
  return whole === 0 ? 0 : Math.sqrt(apart / whole);
}
