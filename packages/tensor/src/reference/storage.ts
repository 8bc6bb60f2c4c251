// Host arrays as device storage: counted, and refused after they were freed.
import type { DType, HostArray, MemoryUse, Storage } from '../device.js';
import { TensorError } from '../errors.js';

class HostStorage implements Storage {
  data: HostArray | undefined;
  readonly dtype: DType;
  readonly length: number;
  readonly owner: HostMemory;
  constructor(owner: HostMemory, data: HostArray) {
    this.owner = owner;
    this.data = data;
    this.dtype = data instanceof Int32Array ? 'i32' : 'f32';
    this.length = data.length;
  }
}

/** The live arrays of one reference device. */
export class HostMemory {
  #bytes = 0;
  #peak = 0;
  #arrays = 0;

  /** Takes an array over. */
  keep(data: HostArray): Storage {
    this.#bytes += data.byteLength;
    this.#arrays++;
    this.#peak = Math.max(this.#peak, this.#bytes);
    return new HostStorage(this, data);
  }
  /** Frees; throws `disposed` the second time and `bad-device` for another device's storage. */
  free(x: Storage): void {
    const data = this.any(x);
    this.#bytes -= data.byteLength;
    this.#arrays--;
    if (x instanceof HostStorage) x.data = undefined;
  }
  /** The live array of either type. */
  any(x: Storage): HostArray {
    if (!(x instanceof HostStorage) || x.owner !== this) {
      throw new TensorError('bad-device', 'reference', {
        wanted: 'storage of this device',
        got: 'another one’s',
        try: 'download and upload it',
      });
    }
    if (x.data === undefined)
      throw new TensorError('disposed', 'reference', { wanted: 'live storage', got: 'storage that was freed' });
    return x.data;
  }
  /** The live array, which must be f32; throws `bad-dtype`. */
  f32(x: Storage): Float32Array {
    const data = this.any(x);
    if (data instanceof Float32Array) return data;
    throw new TensorError('bad-dtype', 'reference', { wanted: 'f32', got: 'i32', try: 'cast it' });
  }
  /** The live array, which must be i32; throws `bad-dtype`. */
  i32(x: Storage): Int32Array {
    const data = this.any(x);
    if (data instanceof Int32Array) return data;
    throw new TensorError('bad-dtype', 'reference', { wanted: 'i32', got: 'f32', try: 'cast it' });
  }
  use(): MemoryUse {
    return { bytes: this.#bytes, peak: this.#peak, arrays: this.#arrays };
  }
  resetPeak(): void {
    this.#peak = this.#bytes;
  }
}
