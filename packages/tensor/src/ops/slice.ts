// A box of a tensor; the gradient is that box within zeros.
import { TensorError } from '../errors.js';
import { record } from '../record.js';
import { checkShape, type Shape, showShape } from '../shape.js';
import { result, zeros, type Tensor } from '../tensor.js';
import { concat } from './concat.js';

/** The box of `size` at `begin` (both one number an axis; a size of -1 means up to the end). Throws `bad-shape` when it does not lie within x. */
export function slice(x: Tensor, begin: readonly number[], size: Shape): Tensor {
  const box = size.map((n, axis) => (n === -1 ? (x.shape[axis] ?? 0) - (begin[axis] ?? 0) : n));
  checkShape('slice', box);
  const fits =
    begin.length === x.shape.length &&
    box.length === x.shape.length &&
    begin.every((b, axis) => b >= 0 && b + (box[axis] ?? 0) <= (x.shape[axis] ?? 0));
  if (!fits) {
    throw new TensorError('bad-shape', 'slice', {
      wanted: `a box within ${showShape(x.shape)}`,
      got: `${showShape(box)} at ${showShape(begin)}`,
    });
  }
  const { device, shape } = x;
  const output = result('slice', device, device.slice(x.storage, shape, begin, box), box);
  output.buffer.range = x.buffer.range;
  return record({
    op: 'slice',
    output,
    inputs: [x],
    saves: [],
    backward: (dy, [dx]) => dx.add(padTo(dy, begin, shape)),
  });
}

/** x within zeros of `shape`, at `begin`. */
function padTo(x: Tensor, begin: readonly number[], shape: Shape): Tensor {
  let padded = x;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const before = begin[axis] ?? 0;
    const after = (shape[axis] ?? 0) - before - (x.shape[axis] ?? 0);
    const edge = (n: number): Tensor[] =>
      n === 0
        ? []
        : [
            zeros(
              x.device,
              padded.shape.map((size, i) => (i === axis ? n : size)),
            ),
          ];
    const parts = [...edge(before), padded, ...edge(after)];
    if (parts.length > 1) padded = concat(parts, axis);
  }
  return padded;
}
