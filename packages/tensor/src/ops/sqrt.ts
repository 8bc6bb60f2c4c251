// The square root; its gradient is 1/(2√x).
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** √x, elementwise. */
export function sqrt(x: Tensor): Tensor {
  return unaryOp('sqrt', 'sqrt', x, 'y', (dy, y) => affine(rawBinary('sqrt', 'div', dy, y), 0.5, 0));
}
