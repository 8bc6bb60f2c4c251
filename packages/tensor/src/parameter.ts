// Parameters: tensors that training changes in place, and the tree of them that optimisers, checkpoints and exporters walk.
import { Buffer } from './buffer.js';
import type { Device } from './device.js';
import { TensorError } from './errors.js';
import type { GradientCell, Target } from './history.js';
import { checkShape, type Shape, showShape, sizeOf } from './shape.js';
import { Tensor } from './tensor.js';

/** A named tensor that is updated in place. No scope frees it: its tree, or who made it, disposes of it. */
export class Parameter extends Tensor implements GradientCell {
  readonly leaf = true;
  readonly name: string;
  /** Frozen parameters get no gradient, and no op computes one for them. */
  trainable = true;
  /** Summed by backward, in place; undefined until there is one. */
  gradient: Tensor | undefined;

  constructor(device: Device, name: string, shape: Shape) {
    checkShape(`parameter ${name}`, shape);
    super(new Buffer(device, device.zeros('f32', sizeOf(shape))), shape);
    this.name = name;
  }
  /** Moves on with every change in place; the tape compares it, so that a stale saved value is an error. */
  get version(): number {
    return this.buffer.version;
  }
  override get target(): Target {
    return this.trainable ? this : undefined;
  }
  /** New values from the host, in row-major order: all of them, or a part from element `at` on. Throws `bad-shape` when they do not fit. */
  load(data: Float32Array, at?: number): void {
    if (at === undefined ? data.length !== this.size : !(at >= 0 && at + data.length <= this.size)) {
      throw new TensorError('bad-shape', `load ${this.name}`, {
        wanted: `${this.size} numbers for ${showShape(this.shape)}`,
        got: at === undefined ? `${data.length}` : `${data.length} from ${at} on`,
      });
    }
    const source = this.device.upload(data);
    this.device.copy(source, 0, this.storage, at ?? 0, data.length);
    this.device.free(source);
    this.changed();
  }
  /** To be called after every change in place from outside, such as an optimiser's. */
  changed(): void {
    this.buffer.version++;
  }
  /** Frees its gradient; the next backward begins anew. */
  zeroGradient(): void {
    this.gradient?.dispose();
    this.gradient = undefined;
  }
  override dispose(): void {
    this.zeroGradient();
    super.dispose();
  }
}

/** All parameters of a model by name, in the order of their making. */
export class ParameterTree {
  readonly device: Device;
  readonly #byName: ReadonlyMap<string, Parameter>;

  private constructor(device: Device, byName: ReadonlyMap<string, Parameter>) {
    this.device = device;
    this.#byName = byName;
  }

  /** Parameters of zeros; throws `bad-option` for a name that comes twice. */
  static create(device: Device, specs: readonly { readonly name: string; readonly shape: Shape }[]): ParameterTree {
    const byName = new Map<string, Parameter>();
    for (const { name, shape } of specs) {
      if (byName.has(name))
        throw new TensorError('bad-option', 'ParameterTree', { wanted: 'each name once', got: `'${name}' twice` });
      byName.set(name, new Parameter(device, name, shape));
    }
    return new ParameterTree(device, byName);
  }
  /** A tree over parameters that stand already, as a view of some of a model's or of several trees: they are shared, so one holder disposes of them. Throws `bad-option` for a name that comes twice. */
  static of(device: Device, parameters: readonly Parameter[]): ParameterTree {
    const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    if (byName.size !== parameters.length)
      throw new TensorError('bad-option', 'ParameterTree', {
        wanted: 'each name once',
        got: parameters.map(({ name }) => name).join(', '),
      });
    return new ParameterTree(device, byName);
  }
  /** The parameter of this name; throws `unknown-parameter` with what there is. */
  get(name: string): Parameter {
    const parameter = this.#byName.get(name);
    if (parameter === undefined) {
      throw new TensorError('unknown-parameter', 'ParameterTree', {
        wanted: `a parameter of the model: ${this.names().join(', ')}`,
        got: `'${name}'`,
      });
    }
    return parameter;
  }
  has(name: string): boolean {
    return this.#byName.has(name);
  }
  names(): string[] {
    return [...this.#byName.keys()];
  }
  values(): Parameter[] {
    return [...this.#byName.values()];
  }
  /** Bytes of the parameters themselves, without gradients. */
  get bytes(): number {
    return this.values().reduce((sum, parameter) => sum + 4 * parameter.size, 0);
  }
  /** Frees all gradients; backward adds to what it finds, so call this between steps. */
  zeroGradients(): void {
    for (const parameter of this.values()) parameter.zeroGradient();
  }
  /** Frees parameters and gradients. */
  dispose(): void {
    for (const parameter of this.values()) parameter.dispose();
  }
}
