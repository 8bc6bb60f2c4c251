// Shapes as plain lists of sizes: their arithmetic and the checks that every op begins with.
import { TensorError } from './errors.js';

export type Shape = readonly number[];

/** Number of elements: the product of the sizes, 1 for a scalar's []. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** '(2, 3)', for messages. */
export function showShape(shape: Shape): string {
  return `(${shape.join(', ')})`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Refuses sizes that are not whole numbers from 1: throws `bad-shape`. Empty tensors are refused here, once for all. */
export function checkShape(op: string, shape: Shape): void {
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new TensorError('bad-shape', op, {
        wanted: 'sizes that are whole numbers from 1 (an empty tensor has no meaning here)',
        got: showShape(shape),
      });
    }
  }
}

/** Size along an axis that must be there; negative axes count from the end. Gives the axis from 0; throws `bad-shape`. */
export function resolveAxis(op: string, shape: Shape, axis: number): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length) {
    throw new TensorError('bad-shape', op, { wanted: `an axis of ${showShape(shape)}`, got: `axis ${axis}` });
  }
  return at;
}

/** Sizes around an axis: the array seen as (outer, axis, inner). */
export function aroundAxis(
  shape: Shape,
  axis: number,
): { readonly outer: number; readonly length: number; readonly inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis] ?? 1, inner: sizeOf(shape.slice(axis + 1)) };
}

/** NumPy's broadcasting of two shapes; throws `bad-shape` where they do not fit. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new TensorError('bad-shape', op, {
        wanted: 'shapes that broadcast (equal or 1, aligned at the end)',
        got: `${showShape(a)} and ${showShape(b)}`,
      });
    }
    shape.push(Math.max(x, y));
  }
  return shape;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** A shape seen as rows of its last axis: (…, C) -> rows × C; throws `bad-shape` for a scalar. */
export function asRows(op: string, shape: Shape): { readonly rows: number; readonly columns: number } {
  const columns = shape[shape.length - 1];
  if (columns === undefined)
    throw new TensorError('bad-shape', op, { wanted: 'at least one axis', got: 'a scalar ()' });
  return { rows: sizeOf(shape) / columns, columns };
}
