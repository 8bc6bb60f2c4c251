// Log-softmax over the last axis; dx = dy − e^y · Σ dy.
import { record } from '../record.js';
import { asRows } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { checkType } from './check.js';
import { sum } from './sum.js';
import { rawUnary } from './unary.js';

/** x − log Σ e^x over the last axis. Throws `bad-shape` for a scalar. */
export function logSoftmax(x: Tensor): Tensor {
  checkType('logSoftmax', 'x', x, 'f32');
  const { rows, columns } = asRows('logSoftmax', x.shape);
  const output = result('logSoftmax', x.device, x.device.logSoftmax(x.storage, rows, columns), x.shape);
  return record({
    op: 'logSoftmax',
    output,
    inputs: [x],
    saves: [output],
    backward(dy, [dx], [y]) {
      const probabilities = rawUnary('logSoftmax', 'exp', y);
      dx.add(
        rawBinary('logSoftmax', 'sub', dy, rawBinary('logSoftmax', 'mul', probabilities, sum(dy, -1, { keep: true }))),
      );
    },
  });
}
