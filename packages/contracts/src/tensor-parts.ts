// A stored tensor a part at a time, so that neither a large table nor a whole model ever stands twice in memory.
import type { ModelValue } from './values.js';

/** Elements of a part: 1 MiB. */
export const PART = 1 << 18;

/**
 * The elements of a tensor in order, `PART` at a time where the model gives parts, else all at once. A part stands in a new array, for who reads may hold on
 * to it, unless one of `PART` elements is given to be filled again and again.
 */
export async function* partsOf(
  model: ModelValue,
  name: string,
  again?: Float32Array,
): AsyncGenerator<Float32Array, void, void> {
  const size = model.tensors[name]!.shape.reduce((product, length) => product * length, 1);
  for (let start = 0; start < size; start += PART) {
    const count = Math.min(PART, size - start);
    const into = again?.subarray(0, count) ?? new Float32Array(count);
    const read = await model.read(name, { start, into });
    yield read;
    if (read !== into) return;
  }
}
