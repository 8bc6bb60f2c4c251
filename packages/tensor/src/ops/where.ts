// Choice by a condition: condition ≠ 0 ? a : b.
import { record } from '../record.js';
import { broadcastShapes } from '../shape.js';
import { result, zeros, type Tensor } from '../tensor.js';
import { broadcastTo } from './broadcast.js';
import { checkType, oneDevice } from './check.js';

/** a where the condition (f32, no gradient) is not 0, b elsewhere; all three broadcast. Throws `bad-shape`. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const device = oneDevice('where', a, b, condition);
  for (const one of [condition, a, b]) checkType('where', 'inputs', one, 'f32');
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', a.shape, b.shape));
  const [test, yes, no] = [broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape)];
  return record({
    op: 'where',
    output: result('where', device, device.select(test.storage, yes.storage, no.storage), shape),
    inputs: [yes, no],
    saves: [test],
    backward(dy, [dYes, dNo], [kept]) {
      const zero = zeros(device, shape);
      if (dYes.wanted) dYes.add(result('where', device, device.select(kept.storage, dy.storage, zero.storage), shape));
      if (dNo.wanted) dNo.add(result('where', device, device.select(kept.storage, zero.storage, dy.storage), shape));
    },
  });
}
