// Eight bits a weight with one f32 scale a row: w = code · scale, codes from −127 to 127, scale = max|row| / 127.
// Row-wise absmax of LLM.int8 (Dettmers et al. 2022, arXiv:2208.07339, section 3.1, "vector-wise").
import type { Packing } from './packing.js';

/** The bytes as f32, copied where they do not lie on a multiple of four. */
const floats = (bytes: Uint8Array): Float32Array =>
  bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    : new Float32Array(bytes.slice().buffer);
const sizes = ([rows = 0, columns = 0]: readonly number[]) => ({ rows, columns });

/** Parts `codes`, I8 (rows, columns), and `scale`, F32 (rows). */
export const int8Row = {
  parts: (shape) => {
    const { rows, columns } = sizes(shape);
    return { codes: { dtype: 'I8', shape: [rows, columns] }, scale: { dtype: 'F32', shape: [rows] } };
  },
  open(shape, { codes: stored = new Uint8Array(), scale = new Uint8Array() }) {
    const { rows, columns } = sizes(shape);
    const codes = new Int8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    return {
      rows,
      columns,
      bytes: stored.byteLength + scale.byteLength,
      scales: floats(scale),
      unpack: (first, count, into) => into.set(codes.subarray(first * columns, (first + count) * columns)),
    };
  },
} satisfies Packing;
