// Joins tensors along one axis; each gets its part of the gradient.
import { TensorError } from '../errors.js';
import { record } from '../record.js';
import { resolveAxis, showShape } from '../shape.js';
import { result, type Tensor } from '../tensor.js';
import { oneDevice } from './check.js';

/** Joins along an axis (negative counts from the end). Throws `bad-shape` unless all other axes agree, and for an empty list. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new TensorError('bad-shape', 'concat', { wanted: 'at least one tensor', got: 'none' });
  const device = oneDevice('concat', first, ...parts);
  const at = resolveAxis('concat', first.shape, axis);
  for (const { shape, dtype } of parts) {
    if (
      shape.length !== first.shape.length ||
      dtype !== first.dtype ||
      shape.some((n, i) => i !== at && n !== first.shape[i])
    ) {
      throw new TensorError('bad-shape', 'concat', {
        wanted: `${first.dtype} ${showShape(first.shape)} but for axis ${at}`,
        got: `${dtype} ${showShape(shape)}`,
      });
    }
  }
  const sizes = parts.map((part) => part.shape[at] ?? 1);
  const shape = first.shape.map((n, i) => (i === at ? sizes.reduce((a, b) => a + b, 0) : n));
  const output = result(
    'concat',
    device,
    device.concat(
      parts.map((part) => part.storage),
      parts.map((part) => part.shape),
      at,
    ),
    shape,
  );
  return record({
    op: 'concat',
    output,
    inputs: parts,
    saves: [],
    backward(dy, slots) {
      let from = 0;
      slots.forEach((slot, p) => {
        const size = sizes[p] ?? 1;
        const begin = shape.map((_, i) => (i === at ? from : 0));
        const box = shape.map((n, i) => (i === at ? size : n));
        if (slot.wanted) slot.add(result('concat', device, device.slice(dy.storage, shape, begin, box), box));
        from += size;
      });
    },
  });
}
