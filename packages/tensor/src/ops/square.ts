// The square; its gradient is 2x.
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** x², elementwise. */
export function square(x: Tensor): Tensor {
  return unaryOp('square', 'square', x, 'x', (dy, kept) => affine(rawBinary('square', 'mul', dy, kept), 2, 0));
}
