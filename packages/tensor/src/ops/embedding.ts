// Rows of a table by id; the gradient is added to those rows only, in the order of the ids.
import { record } from '../record.js';
import { TensorError } from '../errors.js';
import { showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { checkIds, checkType, oneDevice } from './check.js';

/** table[ids]: table (V, C), ids i32 (…) -> (…, C). Throws `bad-shape`, and `bad-index` for an id outside of 0 … V − 1. */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  checkType('embedding', 'table', table, 'f32');
  const device = oneDevice('embedding', table, ids);
  const [vocabulary, width, ...more] = table.shape;
  if (vocabulary === undefined || width === undefined || more.length > 0) {
    throw new TensorError('bad-shape', 'embedding', { wanted: 'a table (V, C)', got: showShape(table.shape) });
  }
  checkIds('embedding', ids, 0, vocabulary);
  return record({
    op: 'embedding',
    output: result('embedding', device, device.gatherRows(table.storage, width, ids.storage), [...ids.shape, width]),
    inputs: [table],
    saves: [ids],
    backward(dy, [dTable], [kept]) {
      const into = dTable.inPlace();
      if (into !== undefined) device.scatterAddRows(into, width, kept.storage, dy.storage);
    },
  });
}
