// The common form of ops of one tensor: the device's function, and a gradient that reads its input or its output.
import type { UnaryName } from '../device.js';
import { record } from '../record.js';
import { result, type Tensor } from '../tensor.js';
import { checkType } from './check.js';

/** Raw elementwise function of the device, unrecorded. */
export function rawUnary(op: string, name: UnaryName, x: Tensor): Tensor {
  checkType(op, 'x', x, 'f32');
  return result(op, x.device, x.device.unary(name, x.storage), x.shape);
}

/** A recorded elementwise op whose gradient reads its input ('x') or its output ('y'). */
export function unaryOp(
  op: string,
  name: UnaryName,
  x: Tensor,
  reads: 'x' | 'y',
  gradient: (dy: Tensor, saved: Tensor) => Tensor,
): Tensor {
  const output = rawUnary(op, name, x);
  return record({
    op,
    output,
    inputs: [x],
    saves: [reads === 'x' ? x : output],
    backward: (dy, [dx], [kept]) => dx.add(gradient(dy, kept)),
  });
}
