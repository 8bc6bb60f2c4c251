// a · b elementwise with broadcasting.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { binaryOp, rawBinary } from './broadcast.js';

/** a · b elementwise; shapes broadcast as in NumPy, b may be a number. Throws `bad-shape`. */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === 'number') return affine(a, b, 0);
  return binaryOp('mul', 'mul', a, b, {
    needs: { first: ['b'], second: ['a'] },
    first: (dy, _a, y) => rawBinary('mul', 'mul', dy, y ?? dy),
    second: (dy, x) => rawBinary('mul', 'mul', dy, x ?? dy),
  });
}
