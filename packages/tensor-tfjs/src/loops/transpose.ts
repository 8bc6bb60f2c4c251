// Moves of whole numbers of any meaning: bits are copied, nothing is computed.

const TILE = 16;

/** target (columns, rows) = source (rows, columns) transposed; tiles keep both sides in cache. */
export function transpose2d(
  source: Int32Array,
  sourceAt: number,
  target: Int32Array,
  targetAt: number,
  rows: number,
  columns: number,
): void {
  for (let r0 = 0; r0 < rows; r0 += TILE) {
    const r1 = Math.min(rows, r0 + TILE);
    for (let c0 = 0; c0 < columns; c0 += TILE) {
      const c1 = Math.min(columns, c0 + TILE);
      for (let c = c0; c < c1; c++) {
        for (let r = r0; r < r1; r++) target[targetAt + c * rows + r] = source[sourceAt + r * columns + c]!;
      }
    }
  }
}

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/** target, dense of this shape, from source read with these strides from `offset`: transposes, slices and broadcasts (stride 0) are this. */
export function gatherStrided(
  source: Int32Array,
  offset: number,
  strides: readonly number[],
  target: Int32Array,
  shape: readonly number[],
): void {
  const rank = shape.length;
  if (rank === 0) {
    target[0] = source[offset]!;
    return;
  }
  const inner = shape[rank - 1]!;
  const step = strides[rank - 1]!;
  const index = new Array<number>(rank).fill(0);
  let at = offset;
  for (let done = 0; done < target.length; done += inner) {
    for (let i = 0, from = at; i < inner; i++, from += step) target[done + i] = source[from]!;
    for (let axis = rank - 2; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}
