// Maxima over one axis or over all; equal maxima share the gradient evenly, as PyTorch's amax.
import { record } from '../record.js';
import { result, type Tensor } from '../tensor.js';
import { broadcastTo, rawBinary } from './broadcast.js';
import { checkType } from './check.js';
import { type AxisOptions, reduced, sum } from './sum.js';

/** Largest of x over an axis (negative counts from the end) or over all, then a scalar (). Throws `bad-shape`. */
export function max(x: Tensor, axis?: number, { keep = false }: AxisOptions = {}): Tensor {
  checkType('max', 'x', x, 'f32');
  const { outer, length, inner, kept, after } = reduced('max', x.shape, axis, keep);
  const output = result('max', x.device, x.device.reduce('max', x.storage, outer, length, inner), after);
  return record({
    op: 'max',
    output,
    inputs: [x],
    saves: [x, output],
    backward(dy, [dx], [from, best]) {
      const hits = rawBinary('max', 'equal', from, broadcastTo(best.reshape(kept), from.shape));
      const share = rawBinary('max', 'div', dy.reshape(kept), sum(hits, axis, { keep: true }).reshape(kept));
      dx.add(rawBinary('max', 'mul', hits, share));
    },
  });
}
