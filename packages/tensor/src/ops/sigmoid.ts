// The logistic function; its gradient is y(1 − y).
import type { Tensor } from '../tensor.js';
import { affine } from './affine.js';
import { rawBinary } from './broadcast.js';
import { unaryOp } from './unary.js';

/** 1 / (1 + e^−x), elementwise. */
export function sigmoid(x: Tensor): Tensor {
  return unaryOp('sigmoid', 'sigmoid', x, 'y', (dy, y) =>
    rawBinary('sigmoid', 'mul', dy, rawBinary('sigmoid', 'mul', y, affine(y, -1, 1))),
  );
}
