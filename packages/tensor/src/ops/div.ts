// a / b elementwise with broadcasting.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { binaryOp, rawBinary } from './broadcast.js';

/** a / b elementwise; shapes broadcast as in NumPy, b may be a number. Throws `bad-shape`. */
export function div(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === 'number') return affine(a, 1 / b, 0);
  return binaryOp('div', 'div', a, b, {
    needs: { first: ['b'], second: ['a', 'b'] },
    first: (dy, _a, y) => rawBinary('div', 'div', dy, y ?? dy),
    // d(a/b)/db = −a/b²
    second: (dy, x, y) => affine(rawBinary('div', 'div', rawBinary('div', 'mul', dy, x ?? dy), square(y ?? dy)), -1, 0),
  });
}

function square(x: Tensor): Tensor {
  return rawBinary('div', 'mul', x, x);
}
