// Moving elements about: transpose, slice and concat of row-major arrays.
import type { HostArray } from '../device.js';
import { aroundAxis, type Shape, sizeOf, stridesOf } from '../shape.js';

/** A new array of the same type. */
export function emptyLike(x: HostArray, length: number): HostArray {
  return x instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
}

/** Copies the elements at `start` + Σ index·steps, for all indices of `shape` in order. */
function strided(x: HostArray, shape: Shape, steps: readonly number[], start: number): HostArray {
  const y = emptyLike(x, sizeOf(shape));
  const index = shape.map(() => 0);
  const last = shape.length - 1;
  const run = shape[last] ?? 1;
  const step = steps[last] ?? 1;
  let base = start;
  for (let at = 0; at < y.length;) {
    for (let i = 0, from = base; i < run; i++, from += step) y[at++] = x[from]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      base += steps[axis]!;
      if (index[axis]! < shape[axis]!) break;
      base -= index[axis]! * steps[axis]!;
      index[axis] = 0;
    }
  }
  return y;
}

/** Axis i of the result is axis axes[i] of x. */
export function transpose(x: HostArray, shape: Shape, axes: readonly number[]): HostArray {
  const strides = stridesOf(shape);
  return strided(
    x,
    axes.map((axis) => shape[axis] ?? 1),
    axes.map((axis) => strides[axis] ?? 0),
    0,
  );
}

/** The box of `size` at `begin`. */
export function slice(x: HostArray, shape: Shape, begin: readonly number[], size: Shape): HostArray {
  const strides = stridesOf(shape);
  return strided(
    x,
    size,
    strides,
    begin.reduce((sum, b, axis) => sum + b * (strides[axis] ?? 0), 0),
  );
}

/** Joins along one axis. */
export function concat(parts: readonly HostArray[], shapes: readonly Shape[], axis: number): HostArray {
  const runs = shapes.map((shape) => {
    const { length, inner } = aroundAxis(shape, axis);
    return length * inner;
  });
  const { outer } = aroundAxis(shapes[0] ?? [], axis);
  const total = runs.reduce((sum, run) => sum + run, 0);
  const y = emptyLike(parts[0] ?? new Float32Array(), outer * total);
  for (let o = 0; o < outer; o++) {
    let to = o * total;
    parts.forEach((part, p) => {
      const run = runs[p] ?? 0;
      y.set(part.subarray(o * run, (o + 1) * run), to);
      to += run;
    });
  }
  return y;
}
