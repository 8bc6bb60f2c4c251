// Shapes to strides, for the kernels that read with any.

/** Row-major strides of a shape. */
export const stridesOf = (shape: readonly number[]): number[] => {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d]!;
  }
  return strides;
};

/** Strides of `shape` broadcast to `target` as in NumPy: 0 where it repeats. */
export const broadcastStrides = (shape: readonly number[], target: readonly number[]): number[] => {
  const own = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, d) => (d < missing || shape[d - missing] === 1 ? 0 : own[d - missing]!));
};

/** The same walk over two operands in as few dimensions as possible: neighbours join where both step through them as through one. */
export const joinDimensions = (
  dims: readonly number[],
  a: readonly number[],
  b: readonly number[],
): { dims: number[]; a: number[]; b: number[] } => {
  const joined = { dims: [] as number[], a: [] as number[], b: [] as number[] };
  for (let d = 0; d < dims.length; d++) {
    if (dims[d] === 1) continue;
    const last = joined.dims.length - 1;
    if (last >= 0 && joined.a[last] === a[d]! * dims[d]! && joined.b[last] === b[d]! * dims[d]!) {
      joined.dims[last]! *= dims[d]!;
      joined.a[last] = a[d]!;
      joined.b[last] = b[d]!;
    } else {
      joined.dims.push(dims[d]!);
      joined.a.push(a[d]!);
      joined.b.push(b[d]!);
    }
  }
  return joined.dims.length > 0 ? joined : { dims: [1], a: [0], b: [0] };
};
