// The hyperbolic tangent; its gradient is 1 − y².
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** tanh x, elementwise. */
export function tanh(x: Tensor): Tensor {
  return unaryOp('tanh', 'tanh', x, 'y', (dy, y) =>
    rawBinary('tanh', 'mul', dy, affine(rawBinary('tanh', 'mul', y, y), -1, 1)),
  );
}
