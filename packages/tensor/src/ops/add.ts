// a + b with broadcasting; gradients pass through.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { binaryOp } from './broadcast.js';

/** a + b; shapes broadcast as in NumPy, b may be a number. Throws `bad-shape`. */
export function add(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === 'number') return affine(a, 1, b);
  return binaryOp('add', 'add', a, b, { needs: { first: [], second: [] }, first: (dy) => dy, second: (dy) => dy });
}
