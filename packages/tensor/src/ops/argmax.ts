// The index of the largest of each row.
import { asRows } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkType } from './check.js';

/** Index (i32) of the largest over the last axis, the first of equals; no gradient. x (…, C) -> (…). Throws `bad-shape` for a scalar. */
export function argmax(x: Tensor): Tensor {
  checkType('argmax', 'x', x, 'f32');
  const { rows, columns } = asRows('argmax', x.shape);
  const output = result('argmax', x.device, x.device.argmax(x.storage, rows, columns), x.shape.slice(0, -1));
  output.buffer.range = { low: 0, high: columns - 1 };
  return output;
}
