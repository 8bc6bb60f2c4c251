// Broadcasting and its gradient: a size-1 axis that was repeated gets the sum of what its copies get.
import { result, type Tensor } from '../tensor.js';
import { record, tracked } from '../record.js';
import { aroundAxis, broadcastShapes, sameShape, type Shape, showShape } from '../shape.js';
import { TensorError } from '../errors.js';
import type { BinaryName } from '../device.js';
import type { GradientSlot } from '../history.js';
import { checkType, oneDevice } from './check.js';

/** Sums a gradient over the axes along which `shape` was broadcast. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  let sizes = [...x.shape];
  let now = x;
  const skip = sizes.length - shape.length;
  for (let axis = 0; axis < sizes.length; axis++) {
    if (sizes[axis] === 1 || (axis >= skip && shape[axis - skip] !== 1)) continue;
    // Neighbouring broadcast axes are summed at once: a bias costs one reduction.
    let end = axis + 1;
    while (end < sizes.length && (end < skip || shape[end - skip] === 1)) end++;
    const merged = [...sizes.slice(0, axis), sizes.slice(axis, end).reduce((a, b) => a * b, 1), ...sizes.slice(end)];
    const { outer, length, inner } = aroundAxis(merged, axis);
    sizes = [...sizes.slice(0, axis), ...sizes.slice(axis, end).map(() => 1), ...sizes.slice(end)];
    now = result('sum', x.device, x.device.reduce('sum', now.storage, outer, length, inner), sizes);
    axis = end - 1;
  }
  return now.reshape(shape);
}

/** Repeats size-1 axes to `shape`; throws `bad-shape` where it does not fit. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
    throw new TensorError('bad-shape', 'broadcastTo', {
      wanted: `a shape that broadcasts to ${showShape(shape)}`,
      got: showShape(x.shape),
    });
  }
  const { device } = x;
  const zero = device.zeros('f32', 1);
  const output = result('broadcastTo', device, device.binary('add', x.storage, x.shape, zero, [], shape), shape);
  device.free(zero);
  return record({
    op: 'broadcastTo',
    output,
    inputs: [x],
    saves: [],
    backward: (dy, [dx]) => dx.add(sumTo(dy, dx.shape)),
  });
}

/** Raw broadcasting binary of the device, unrecorded. */
export function rawBinary(op: string, name: BinaryName, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(op, a.shape, b.shape);
  const device = oneDevice(op, a, b);
  checkType(op, 'inputs', a, 'f32');
  checkType(op, 'inputs', b, 'f32');
  return result(op, device, device.binary(name, a.storage, a.shape, b.storage, b.shape, shape), shape);
}

export interface BinaryGradient {
  /** Which inputs the gradient of the first and of the second input read. */
  readonly needs: { readonly first: readonly ('a' | 'b')[]; readonly second: readonly ('a' | 'b')[] };
  first(dy: Tensor, a: Tensor | undefined, b: Tensor | undefined): Tensor;
  second(dy: Tensor, a: Tensor | undefined, b: Tensor | undefined): Tensor;
}

/** A recorded broadcasting op of two tensors; saves only what the wanted gradients read. */
export function binaryOp(op: string, name: BinaryName, a: Tensor, b: Tensor, gradient: BinaryGradient): Tensor {
  const needed = new Set([...(tracked(a) ? gradient.needs.first : []), ...(tracked(b) ? gradient.needs.second : [])]);
  return record({
    op,
    output: rawBinary(op, name, a, b),
    inputs: [a, b],
    saves: [needed.has('a') ? a : undefined, needed.has('b') ? b : undefined],
    backward(dy, [da, db], [x, y]) {
      if (da.wanted) addSummed(da, gradient.first(dy, x, y));
      if (db.wanted) addSummed(db, gradient.second(dy, x, y));
    },
  });
}

function addSummed(slot: GradientSlot, gradient: Tensor): void {
  slot.add(sumTo(gradient, slot.shape));
}
