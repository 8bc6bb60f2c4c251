// The natural logarithm; its gradient is 1/x.
import type { Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** log x, elementwise. */
export function log(x: Tensor): Tensor {
  return unaryOp('log', 'log', x, 'x', (dy, kept) => rawBinary('log', 'div', dy, kept));
}
