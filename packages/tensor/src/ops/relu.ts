// The rectifier (Nair and Hinton 2010); its gradient is 1 above 0, else 0.
import type { Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { rawUnary, unaryOp } from './unary.js';

/** max(x, 0), elementwise. */
export function relu(x: Tensor): Tensor {
  return unaryOp('relu', 'relu', x, 'y', (dy, y) => rawBinary('relu', 'mul', dy, rawUnary('relu', 'sign', y)));
}
