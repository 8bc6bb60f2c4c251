// Sums over one axis or over all; the gradient is repeated along what was summed.
import { record } from '../record.js';
import { aroundAxis, resolveAxis, type Shape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { broadcastTo } from './broadcast.js';
import { checkType } from './check.js';

export interface AxisOptions {
  /** Keep the axis, with size 1. */
  readonly keep?: boolean;
}

/** A tensor's shape as (outer, length, inner) around an axis or, without one, around everything, and the shape after it is reduced. */
export function reduced(
  op: string,
  shape: Shape,
  axis: number | undefined,
  keep: boolean,
): {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly kept: number[];
  readonly after: number[];
} {
  if (axis === undefined) {
    const kept = shape.map(() => 1);
    return { outer: 1, length: shape.reduce((a, b) => a * b, 1), inner: 1, kept, after: keep ? kept : [] };
  }
  const at = resolveAxis(op, shape, axis);
  const kept = shape.map((n, i) => (i === at ? 1 : n));
  return { ...aroundAxis(shape, at), kept, after: keep ? kept : shape.filter((_, i) => i !== at) };
}

/** Σ x over an axis (negative counts from the end) or over all, then a scalar (). Throws `bad-shape`. */
export function sum(x: Tensor, axis?: number, { keep = false }: AxisOptions = {}): Tensor {
  checkType('sum', 'x', x, 'f32');
  const { outer, length, inner, kept, after } = reduced('sum', x.shape, axis, keep);
  const { shape } = x;
  return record({
    op: 'sum',
    output: result('sum', x.device, x.device.reduce('sum', x.storage, outer, length, inner), after),
    inputs: [x],
    saves: [],
    backward: (dy, [dx]) => dx.add(broadcastTo(dy.reshape(kept), shape)),
  });
}
