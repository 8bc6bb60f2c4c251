// A device array with its holders counted: handles in scopes, the tape and gradients each hold it; the last one to let go frees it.
import type { Device, Storage } from './device.js';
import { TensorError } from './errors.js';
import type { Recipe } from './saved.js';

/** Smallest and largest id that an integer array may hold, known where it was made. */
export interface IdRange {
  readonly low: number;
  readonly high: number;
}

/** One device array and the count of those who need it. */
export class Buffer {
  /** Counts changes in place; the tape compares it with what it saw when it saved the array. */
  version = 0;
  range: IdRange | undefined;
  /** How it is made again, where that is cheap. */
  recipe: Recipe | undefined;
  #holders = 1;
  readonly #storage: Storage;
  readonly device: Device;

  constructor(device: Device, storage: Storage) {
    this.device = device;
    this.#storage = storage;
  }

  /** The device's handle; throws `disposed` when nobody holds the array any more. */
  get storage(): Storage {
    if (this.#holders === 0)
      throw new TensorError('disposed', 'tensor', { wanted: 'a live tensor', got: 'one whose memory was freed' });
    return this.#storage;
  }

  /** Whether anybody holds it. */
  get live(): boolean {
    return this.#holders > 0;
  }
  /** Whether one holder has it to himself and may write into it. */
  get exclusive(): boolean {
    return this.#holders === 1;
  }

  /** One more holder. */
  retain(): this {
    if (this.#holders === 0)
      throw new TensorError('disposed', 'tensor', { wanted: 'a live tensor', got: 'one whose memory was freed' });
    this.#holders++;
    return this;
  }

  /** One holder less; the last one frees the array. */
  release(): void {
    if (this.#holders === 0)
      throw new TensorError('disposed', 'tensor', { wanted: 'one release for each holder', got: 'one more' });
    if (--this.#holders === 0) this.device.free(this.#storage);
  }
}
