// Means over one axis or over all.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { type AxisOptions, reduced, sum } from './sum.js';

/** Mean of x over an axis (negative counts from the end) or over all, then a scalar (). Throws `bad-shape`. */
export function mean(x: Tensor, axis?: number, options: AxisOptions = {}): Tensor {
  const { length } = reduced('mean', x.shape, axis, false);
  return affine(sum(x, axis, options), 1 / length, 0);
}
