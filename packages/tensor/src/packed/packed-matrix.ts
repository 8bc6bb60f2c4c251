// A weight matrix that stays packed: bytes on the host that become f32 a block of rows at a time, only while a product needs them.
import type { Device, Storage } from '../device.js';

/** A matrix (rows, columns) in fewer bits than f32. Not a tensor: nothing is ever trained or copied in it. */
export interface PackedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Bytes that it takes while it is held. */
  readonly bytes: number;
  /** What row r of `unpack` is multiplied by, (rows); without it `unpack` gives the weights themselves. */
  readonly scales?: Float32Array;
  /** Writes rows first … first + count, row-major, to the beginning of `into`. */
  unpack(first: number, count: number, into: Float32Array): void;
}

/** Unpacked numbers at a time, 1 MB: they stay in the cache between unpacking and multiplying, and a call has enough work. */
const BLOCK_ELEMENTS = 256 * 1024;

/** Rows of a block: as many as fit in about a megabyte of f32, at least one. */
export const rowsAtOnce = ({ rows, columns }: PackedMatrix): number =>
  Math.max(1, Math.min(rows, Math.floor(BLOCK_ELEMENTS / Math.max(1, columns))));

let scratch = new Float32Array(0);
/** Numbers to unpack into, the same array every time: its content lasts until the next call. */
const room = (elements: number): Float32Array => {
  if (scratch.length < elements) scratch = new Float32Array(Math.max(elements, BLOCK_ELEMENTS));
  return scratch.subarray(0, elements);
};

/** Rows of a packed matrix on a device as `unpack` gives them, not yet scaled; the caller frees them. */
export function uploadRows(device: Device, matrix: PackedMatrix, first: number, count: number): Storage {
  const into = room(count * matrix.columns);
  matrix.unpack(first, count, into);
  return device.upload(into);
}

/** Blocks of rows one after another, each freed when the body has used it. */
export function eachBlock(
  device: Device,
  matrix: PackedMatrix,
  body: (block: Storage, first: number, count: number) => void,
): void {
  const step = rowsAtOnce(matrix);
  for (let first = 0; first < matrix.rows; first += step) {
    const count = Math.min(step, matrix.rows - first);
    const block = uploadRows(device, matrix, first, count);
    try {
      body(block, first, count);
    } finally {
      device.free(block);
    }
  }
}

/** All weights as f32, row-major, on the host: code · scale, rounded once. */
export function unpackMatrix(matrix: PackedMatrix): Float32Array {
  const { rows, columns, scales } = matrix;
  const numbers = new Float32Array(rows * columns);
  matrix.unpack(0, rows, numbers);
  if (scales) scaleRows(numbers, columns, (row) => scales[row] ?? 0);
  return numbers;
}

/** In place: row r of (…, columns) times a factor of its own. */
export function scaleRows(numbers: Float32Array, columns: number, scaleOf: (row: number) => number): void {
  for (let row = 0, at = 0; at < numbers.length; row++) {
    const scale = scaleOf(row);
    for (const end = at + columns; at < end; at++) numbers[at] = (numbers[at] ?? 0) * scale;
  }
}
