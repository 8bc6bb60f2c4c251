// a − b with broadcasting.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { binaryOp } from './broadcast.js';

/** a − b; shapes broadcast as in NumPy, b may be a number. Throws `bad-shape`. */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === 'number') return affine(a, 1, -b);
  return binaryOp('sub', 'sub', a, b, {
    needs: { first: [], second: [] },
    first: (dy) => dy,
    second: (dy) => affine(dy, -1, 0),
  });
}
