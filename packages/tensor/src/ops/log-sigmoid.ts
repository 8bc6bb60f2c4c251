// The log of the logistic function, stable at any size of x: min(x, 0) − log(1 + e^−|x|); its gradient is sigmoid(−x).
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { rawUnary, unaryOp } from './unary.js';

/** log(1 / (1 + e^−x)), elementwise; exact at ±10⁴, where a plain log of the sigmoid is −∞ or loses all digits. */
export function logSigmoid(x: Tensor): Tensor {
  return unaryOp('logSigmoid', 'log-sigmoid', x, 'x', (dy, kept) =>
    rawBinary('logSigmoid', 'mul', dy, rawUnary('logSigmoid', 'sigmoid', affine(kept, -1, 0))),
  );
}
