// Rows of a packed table by id: only those rows are unpacked.
import { checkIds } from '../ops/check.js';
import { result, type Tensor } from '../tensor.js';
import { type PackedMatrix, scaleRows } from './packed-matrix.js';

/** table[ids]: a packed table (V, C), ids i32 (…) -> (…, C). No gradient. Throws `bad-index` for an id outside of 0 … V − 1. */
export function packedEmbedding(table: PackedMatrix, ids: Tensor): Tensor {
  const { device } = ids;
  const { rows, columns, scales } = table;
  checkIds('packedEmbedding', ids, 0, rows);
  const wanted = ids.read();
  const numbers = new Float32Array(wanted.length * columns);
  wanted.forEach((id, i) => table.unpack(id, 1, numbers.subarray(i * columns, (i + 1) * columns)));
  if (scales) scaleRows(numbers, columns, (i) => scales[wanted[i] ?? 0] ?? 0);
  return result('packedEmbedding', device, device.upload(numbers), [...ids.shape, columns]);
}
