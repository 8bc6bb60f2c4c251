// A device array as TensorFlow.js holds it: an immutable flat tensor, replaced behind the handle where the contract works in place.
import { TensorError, type DType, type HostArray, type MemoryUse, type Storage } from '@ingot/tensor';
import type { Rank, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from './backends.js';

class TfStorage implements Storage {
  constructor(
    readonly owner: TfMemory,
    readonly dtype: DType,
    readonly length: number,
    public tensor: Tensor1D | undefined,
  ) {}
}
const BYTES = 4;

/** The live arrays of one device. */
export class TfMemory {
  readonly #tf: Tf;
  #bytes = 0;
  #peak = 0;
  #arrays = 0;
  constructor(tf: Tf) {
    this.#tf = tf;
  }

  /** The flat tensor behind a handle. Throws `disposed` after it was freed, `bad-device` for another device's. */
  of(storage: Storage): Tensor1D {
    if (!(storage instanceof TfStorage) || storage.owner !== this)
      throw new TensorError('bad-device', 'tfjs', {
        wanted: 'storage of this device',
        got: 'another one’s',
        try: 'download and upload it',
      });
    if (storage.tensor === undefined)
      throw new TensorError('disposed', 'tfjs', { wanted: 'live storage', got: 'storage that was freed' });
    return storage.tensor;
  }
  /** Runs TensorFlow.js ops and keeps the result, flattened; everything between is freed. */
  make(dtype: DType, ops: () => Tensor): Storage {
    const tensor = this.#tf.tidy(() => this.#tf.reshape<Rank.R1>(ops(), [-1]));
    this.#arrays++;
    this.#bytes += tensor.size * BYTES;
    this.#peak = Math.max(this.#peak, this.#bytes);
    return new TfStorage(this, dtype, tensor.size, tensor);
  }
  /** In place: the handle's tensor becomes what the ops give. */
  replace(storage: Storage, ops: (before: Tensor1D) => Tensor): void {
    const before = this.of(storage);
    (storage as TfStorage).tensor = this.#tf.tidy(() => this.#tf.reshape<Rank.R1>(ops(before), [-1]));
    before.dispose();
  }
  upload(data: HostArray): Storage {
    return this.make(data instanceof Int32Array ? 'i32' : 'f32', () =>
      this.#tf.tensor1d(data.slice(), data instanceof Int32Array ? 'int32' : 'float32'),
    );
  }
  free(storage: Storage): void {
    this.of(storage).dispose();
    (storage as TfStorage).tensor = undefined;
    this.#arrays--;
    this.#bytes -= storage.length * BYTES;
  }
  use(): MemoryUse {
    return { bytes: this.#bytes, peak: this.#peak, arrays: this.#arrays };
  }
  resetPeak(): void {
    this.#peak = this.#bytes;
  }
}
