// The absolute value; its gradient is the sign, 0 at 0.
import type { Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { rawUnary, unaryOp } from './unary.js';

/** |x|, elementwise. */
export function abs(x: Tensor): Tensor {
  return unaryOp('abs', 'abs', x, 'x', (dy, kept) => rawBinary('abs', 'mul', dy, rawUnary('abs', 'sign', kept)));
}
