// A tensor: a shape over a device array, with the op that made it where a gradient may flow back.
import { Buffer } from './buffer.js';
import type { DType, Device, HostArray, Storage } from './device.js';
import { TensorError } from './errors.js';
import type { HistoryNode, Target } from './history.js';
import { record } from './record.js';
import { adopt } from './scope-stack.js';
import { checkShape, type Shape, showShape, sizeOf } from './shape.js';
import { watched } from './watch.js';

/** A row-major array of numbers on a device. It lives until its scope ends, or until `dispose` outside of every scope. */
export class Tensor {
  readonly shape: Shape;
  /** For the tape and scopes: the counted array behind it. */
  readonly buffer: Buffer;
  #node: HistoryNode | undefined;
  #disposed = false;

  /** Takes over one holding of the buffer. Made by ops, `tensor` and `zeros`. */
  constructor(buffer: Buffer, shape: Shape) {
    this.buffer = buffer;
    this.shape = shape;
  }

  get device(): Device {
    return this.buffer.device;
  }
  get dtype(): DType {
    return this.storage.dtype;
  }
  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
  get disposed(): boolean {
    return this.#disposed;
  }
  /** The device's handle; throws `disposed` after the tensor's scope has ended. */
  get storage(): Storage {
    if (this.#disposed) {
      throw new TensorError('disposed', 'tensor', {
        wanted: 'a live tensor',
        got: `a tensor ${showShape(this.shape)} whose scope has ended`,
        try: 'return it from the scope that made it',
      });
    }
    return this.buffer.storage;
  }
  /** Where its gradient goes; undefined when it wants none. */
  get target(): Target {
    return this.#node;
  }
  /** For `record`: the op that made it. */
  remember(node: HistoryNode): void {
    this.#node = node;
  }

  /** Its numbers, copied to the host in row-major order. */
  read(): HostArray {
    return this.device.download(this.storage);
  }
  /** The number of a tensor of one element; throws `bad-shape` for others. */
  item(): number {
    const [value] = this.size === 1 ? this.read() : [];
    if (value === undefined)
      throw new TensorError('bad-shape', 'item', { wanted: 'a tensor of one element', got: showShape(this.shape) });
    return value;
  }
  /** The same numbers under another shape of the same size (one size may be -1: what remains); shares the array. Throws `bad-shape`. */
  reshape(shape: Shape): Tensor {
    const wanted = fillUnknown(shape, this.size);
    if (sizeOf(wanted) !== this.size) {
      throw new TensorError('bad-shape', 'reshape', {
        wanted: `a shape of ${this.size} elements, as ${showShape(this.shape)} has`,
        got: showShape(shape),
      });
    }
    checkShape('reshape', wanted);
    const output = owned(new Tensor((this.storage, this.buffer.retain()), wanted));
    return record({ op: 'reshape', output, inputs: [this], saves: [], backward: (dy, [dx]) => dx.add(dy) });
  }
  /** Another handle to the same array with no history: no gradient flows through it. */
  detach(): Tensor {
    return owned(this.share());
  }
  /** Another handle to the same array that no scope frees; its holder disposes of it. */
  share(): Tensor {
    return new Tensor((this.storage, this.buffer.retain()), this.shape);
  }

  /** Lets go of the array and of its history; once more does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.buffer.release();
    this.#node?.release();
    this.#node = undefined;
  }
}

function fillUnknown(shape: Shape, size: number): Shape {
  if (!shape.includes(-1)) return shape;
  const known = -sizeOf(shape);
  return shape.map((n) => (n === -1 ? size / known : n));
}

function owned(made: Tensor): Tensor {
  adopt(made);
  return made;
}

/** For ops: a new tensor over what a device returned, owned by the innermost scope. */
export function result(op: string, device: Device, storage: Storage, shape: Shape): Tensor {
  const made = owned(new Tensor(new Buffer(device, storage), shape));
  watched(op, 'forward', made);
  return made;
}

function toHost(data: HostArray | readonly number[], dtype: DType): HostArray {
  if (dtype === 'i32') return data instanceof Int32Array ? data : Int32Array.from(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function rangeOf(data: HostArray): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const id of data) {
    if (id < low) low = id;
    if (id > high) high = id;
  }
  return { low, high };
}

/** A tensor from numbers on the host, copied; dtype 'f32' unless said. Throws `bad-shape` when the count does not fit. */
export function tensor(
  device: Device,
  data: HostArray | readonly number[],
  shape: Shape,
  dtype: DType = 'f32',
): Tensor {
  checkShape('tensor', shape);
  if (data.length !== sizeOf(shape)) {
    throw new TensorError('bad-shape', 'tensor', {
      wanted: `${sizeOf(shape)} numbers for ${showShape(shape)}`,
      got: `${data.length}`,
    });
  }
  const host = toHost(data, dtype);
  const made = owned(new Tensor(new Buffer(device, device.upload(host)), shape));
  if (dtype === 'i32') made.buffer.range = rangeOf(host);
  return made;
}

/** A tensor of zeros. */
export function zeros(device: Device, shape: Shape, dtype: DType = 'f32'): Tensor {
  checkShape('zeros', shape);
  const made = owned(new Tensor(new Buffer(device, device.zeros(dtype, sizeOf(shape))), shape));
  if (dtype === 'i32') made.buffer.range = { low: 0, high: 0 };
  return made;
}
