// What an optimiser remembers between steps: a step count and tensors by name, ready for a checkpoint.
import { Buffer } from '../buffer.js';
import type { Device } from '../device.js';
import { TensorError } from '../errors.js';
import type { Parameter } from '../parameter.js';
import { checkShape, type Shape, sizeOf } from '../shape.js';
import { Tensor } from '../tensor.js';

/** Step count and state tensors, named '<parameter>.<what>'. No scope frees them: dispose of it. */
export class OptimiserState {
  /** Steps taken. */
  step = 0;
  readonly #tensors = new Map<string, Tensor>();

  /** State tensors by name, in the order of their making. */
  get tensors(): ReadonlyMap<string, Tensor> {
    return this.#tensors;
  }
  /** A parameter's state tensor of this kind; zeros when there is none yet. */
  of(parameter: Parameter, what: string): Tensor {
    const name = `${parameter.name}.${what}`;
    const held = this.#tensors.get(name);
    if (held !== undefined) return held;
    const made = new Tensor(
      new Buffer(parameter.device, parameter.device.zeros('f32', parameter.size)),
      parameter.shape,
    );
    this.#tensors.set(name, made);
    return made;
  }
  has(parameter: Parameter, what: string): boolean {
    return this.#tensors.has(`${parameter.name}.${what}`);
  }
  /** Puts a tensor back from a checkpoint; throws `bad-shape` when the count does not fit. */
  load(device: Device, name: string, data: Float32Array, shape: Shape): void {
    checkShape(name, shape);
    if (data.length !== sizeOf(shape))
      throw new TensorError('bad-shape', name, { wanted: `${sizeOf(shape)} numbers`, got: `${data.length}` });
    this.#tensors.get(name)?.dispose();
    this.#tensors.set(name, new Tensor(new Buffer(device, device.upload(data)), shape));
  }
  /** Bytes of the state tensors. */
  get bytes(): number {
    return [...this.#tensors.values()].reduce((sum, tensor) => sum + 4 * tensor.size, 0);
  }
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}

/** Which parameters decay: matrices and embeddings, not biases and norms (as nanoGPT and GPT-3 do). */
export function decaysMatrices(_name: string, shape: Shape): boolean {
  return shape.length >= 2;
}

/** Refuses numbers that are not finite or below 0: throws `bad-option`. */
export function checkRates(op: string, rates: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(rates)) {
    if (!Number.isFinite(value) || value < 0)
      throw new TensorError('bad-option', op, { wanted: `a finite ${name} from 0`, got: `${value}` });
  }
}
