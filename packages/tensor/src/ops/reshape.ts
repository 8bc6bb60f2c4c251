// The same elements under another shape.
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** The same numbers under another shape of the same size (one size may be -1); shares the array. Throws `bad-shape`. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return x.reshape(shape);
}
