// One element of each row: the gather of log-probabilities by token.
import { record } from '../record.js';
import { asRows } from '../shape.js';
import { result, tensor, type Tensor } from '../tensor.js';
import { checkIds, checkSize, checkType, oneDevice } from './check.js';

/** x[…, ids[…]]: x (…, V), ids i32 (…) -> (…). Throws `bad-shape`, and `bad-index` for an id outside of 0 … V − 1. */
export function pick(x: Tensor, ids: Tensor): Tensor {
  checkType('pick', 'x', x, 'f32');
  const device = oneDevice('pick', x, ids);
  const { rows, columns } = asRows('pick', x.shape);
  checkSize('pick', 'ids', rows, ids.size);
  checkIds('pick', ids, 0, columns);
  return record({
    op: 'pick',
    output: result('pick', device, device.pick(x.storage, rows, columns, ids.storage), x.shape.slice(0, -1)),
    inputs: [x],
    saves: [ids],
    backward(dy, [dx], [kept]) {
      // Element ids[r] of row r is "row" r·V + ids[r] of width 1 of the flat gradient.
      const into = dx.inPlace();
      if (into === undefined) return;
      const places = Int32Array.from(kept.read(), (id, r) => r * columns + id);
      device.scatterAddRows(into, 1, tensor(device, places, [rows], 'i32').storage, dy.storage);
    },
  });
}
