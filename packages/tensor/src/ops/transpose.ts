// Axes in another order; the gradient takes the inverse order.
import { TensorError } from '../errors.js';
import { record } from '../record.js';
import { showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';

function raw(x: Tensor, axes: readonly number[]): Tensor {
  return result(
    'transpose',
    x.device,
    x.device.transpose(x.storage, x.shape, axes),
    axes.map((axis) => x.shape[axis] ?? 1),
  );
}

/** Axis i of the result is axis axes[i] of x; without axes the last two change places. Throws `bad-shape` unless they are a permutation. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const order = axes ?? [...x.shape.keys()].map((i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  if (order.length !== rank || rank < 1 || order.toSorted((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new TensorError('bad-shape', 'transpose', {
      wanted: `a permutation of the ${rank} axes of ${showShape(x.shape)}`,
      got: showShape(order),
    });
  }
  const inverse = order.map((_, i) => order.indexOf(i));
  return record({
    op: 'transpose',
    output: raw(x, order),
    inputs: [x],
    saves: [],
    backward: (dy, [dx]) => dx.add(raw(dy, inverse)),
  });
}
