// The exponential function; its gradient is its output.
import type { Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** e^x, elementwise. */
export function exp(x: Tensor): Tensor {
  return unaryOp('exp', 'exp', x, 'y', (dy, y) => rawBinary('exp', 'mul', dy, y));
}
