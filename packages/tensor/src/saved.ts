// What the tape keeps of a tensor for backward: its array, or, where it is cheap to make again, the arrays that it was made from, which
// are mostly kept anyway. A norm's or an activation's output costs one pass over memory to make again, and is as large as what it came from.
import type { Buffer } from './buffer.js';
import type { Shape } from './shape.js';
import { Tensor } from './tensor.js';

/** How an array is made again: the same function of the same inputs, so the same bits. */
export interface Recipe {
  readonly inputs: readonly { readonly buffer: Buffer; readonly shape: Shape }[];
  make(inputs: readonly Tensor[]): Tensor;
}
interface Held {
  readonly buffer: Buffer;
  readonly shape: Shape;
  readonly version: number;
}
const hold = ({ buffer, shape }: { readonly buffer: Buffer; readonly shape: Shape }): Held => ({
  buffer: buffer.retain(),
  shape,
  version: buffer.version,
});
const open = ({ buffer, shape }: Held): Tensor => new Tensor(buffer.retain(), shape);

/** One saved tensor of a recorded op. */
export class Saved {
  readonly #held: readonly Held[];
  readonly #shape: Shape;
  readonly #recipe: Recipe | undefined;

  constructor(tensor: Tensor) {
    const { buffer, shape } = tensor;
    const recipe = buffer.recipe?.inputs.every((input) => input.buffer.live) ? buffer.recipe : undefined;
    this.#shape = shape;
    this.#recipe = recipe;
    this.#held = (recipe?.inputs ?? [tensor]).map(hold);
  }
  /** Whether a parameter among what is held was changed in place since. */
  get stale(): boolean {
    return this.#held.some(({ buffer, version }) => buffer.version !== version);
  }
  /** The tensor, a handle that its caller disposes of; made again where that was the bargain. */
  open(): Tensor {
    const inputs = this.#held.map(open);
    if (!this.#recipe) return inputs[0]!;
    try {
      const made = this.#recipe.make(inputs);
      return new Tensor(made.buffer.retain(), this.#shape);
    } finally {
      for (const input of inputs) input.dispose();
    }
  }
  release(): void {
    for (const { buffer } of this.#held) buffer.release();
  }
}

/** For ops whose output costs little more than reading it: backward passes that need it make it again from these inputs. Gives it back. */
export const cheap = (output: Tensor, inputs: readonly (Tensor | undefined)[], make: Recipe['make']): Tensor => {
  const known = inputs.flatMap((input) => (input ? [{ buffer: input.buffer, shape: input.shape }] : []));
  output.buffer.recipe = { inputs: known, make };
  return output;
};
