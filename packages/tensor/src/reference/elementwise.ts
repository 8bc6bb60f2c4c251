// Elementwise functions of the reference device: computed in double, rounded once.
import type { BinaryName, UnaryName } from '../device.js';
import { type Shape, sameShape, sizeOf, stridesOf } from '../shape.js';
import { erf } from './special.js';

/** One-argument functions; log-sigmoid is min(x, 0) − log(1 + e^−|x|), which neither over- nor underflows. */
export const unaries = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  abs: Math.abs,
  sign: Math.sign,
  tanh: Math.tanh,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  'log-sigmoid': (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  erf,
  relu: (x) => (x < 0 ? 0 : x),
} as const satisfies Record<UnaryName, (x: number) => number>;

/** Two-argument functions. */
export const binaries = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  pow: (a, b) => a ** b,
  greater: (a, b) => (a > b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
} as const satisfies Record<BinaryName, (a: number, b: number) => number>;

/** f(x[i]) for each i. */
export function mapUnary(name: UnaryName, x: Float32Array): Float32Array {
  const f: (x: number) => number = unaries[name];
  const y = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = f(x[i] ?? 0);
  return y;
}

/** f(a, b) with NumPy's broadcasting to `shape`. */
export function mapBinary(
  name: BinaryName,
  a: Float32Array,
  aShape: Shape,
  b: Float32Array,
  bShape: Shape,
  shape: Shape,
): Float32Array {
  const f: (a: number, b: number) => number = binaries[name];
  const y = new Float32Array(sizeOf(shape));
  if (sameShape(aShape, shape) && sameShape(bShape, shape)) {
    for (let i = 0; i < y.length; i++) y[i] = f(a[i] ?? 0, b[i] ?? 0);
    return y;
  }
  const aAt = broadcastOffsets(aShape, shape);
  const bAt = broadcastOffsets(bShape, shape);
  for (let i = 0; i < y.length; i++) y[i] = f(a[aAt[i] ?? 0] ?? 0, b[bAt[i] ?? 0] ?? 0);
  return y;
}

/** For each element of `shape`, in order, the offset of the element of `small` that stands for it. */
function broadcastOffsets(small: Shape, shape: Shape): Int32Array {
  const skip = shape.length - small.length;
  const strides = stridesOf(small);
  let offsets = new Int32Array(1);
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis] ?? 1;
    const step = (small[axis - skip] ?? 1) === 1 ? 0 : (strides[axis - skip] ?? 0);
    const next = new Int32Array(offsets.length * length);
    for (let i = 0, at = 0; i < offsets.length; i++)
      for (let j = 0; j < length; j++) next[at++] = (offsets[i] ?? 0) + j * step;
    offsets = next;
  }
  return offsets;
}
