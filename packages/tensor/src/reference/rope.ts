// Rotary positions of the reference device (Su et al. 2021, equation 34).
import type { RopeSpec } from '../kernels.js';

export type RopeArrays = Omit<RopeSpec, 'x' | 'table'> & { readonly x: Float32Array; readonly table: Float32Array };

/** x with the first `rotary` dimensions of its first `rotated` heads turned by the table's angles, or by their negatives. */
export function rope(spec: RopeArrays): Float32Array {
  const { x, table, rows, tableRows, heads, rotated, headSize, rotary, pairing, back } = spec;
  const y = x.slice();
  const half = rotary / 2;
  const [step, apart] = pairing === 'half' ? [1, half] : [2, 1];
  for (let r = 0; r < rows; r++) {
    const angles = (r % tableRows) * rotary;
    for (let h = 0; h < rotated; h++) {
      const from = (r * heads + h) * headSize;
      for (let i = 0; i < half; i++) {
        const at = from + i * step;
        const cos = table[angles + i]!;
        const sin = back ? -table[angles + half + i]! : table[angles + half + i]!;
        y[at] = x[at]! * cos - x[at + apart]! * sin;
        y[at + apart] = x[at + apart]! * cos + x[at]! * sin;
      }
    }
  }
  return y;
}
