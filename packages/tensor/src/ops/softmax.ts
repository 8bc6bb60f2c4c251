// Softmax over the last axis; dx = y · (dy − Σ dy·y).
import { record } from '../record.js';
import { asRows } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { rawBinary } from './broadcast.js';
import { checkType } from './check.js';
import { sum } from './sum.js';

/** e^x / Σ e^x over the last axis, the largest subtracted first. Throws `bad-shape` for a scalar. */
export function softmax(x: Tensor): Tensor {
  checkType('softmax', 'x', x, 'f32');
  const { rows, columns } = asRows('softmax', x.shape);
  const output = result('softmax', x.device, x.device.softmax(x.storage, rows, columns), x.shape);
  return record({
    op: 'softmax',
    output,
    inputs: [x],
    saves: [output],
    backward(dy, [dx], [y]) {
      const along = sum(rawBinary('softmax', 'mul', dy, y), -1, { keep: true });
      dx.add(rawBinary('softmax', 'mul', y, rawBinary('softmax', 'sub', dy, along)));
    },
  });
}
