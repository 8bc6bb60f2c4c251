// The negative.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';

/** −x, elementwise. */
export function neg(x: Tensor): Tensor {
  return affine(x, -1, 0);
}
