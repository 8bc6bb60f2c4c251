// Calling kernels: arguments go into the shared block, results come out as handles; bytes are counted here.
import { TensorError, type DType, type MemoryUse, type Storage } from '@ingot/tensor';
import type { Addon } from './addon.js';
import { NativeStorage } from './storage.js';

const BYTES = 4;
/** Sizes cross to the kernels as 32-bit numbers. */
const MOST = 2 ** 31 - 1;

/** The calls of one device, and what it holds. */
export class Caller {
  readonly #addon: Addon;
  readonly #index: ReadonlyMap<string, number>;
  readonly #name: string;
  readonly #limit: number | undefined;
  #bytes = 0;
  #peak = 0;
  #arrays = 0;

  /** `index` is each kernel's number in the addon, `name` the device's in errors, `limit` the bytes that it can ever hold. */
  constructor(addon: Addon, index: ReadonlyMap<string, number>, name: string, limit?: number) {
    this.#addon = addon;
    this.#index = index;
    this.#name = name;
    this.#limit = limit;
  }

  /** The handle behind a storage; −1 for none. Throws `disposed` for one that was freed. */
  handle(storage: Storage | undefined): number {
    if (storage === undefined) return -1;
    const { handle, freed } = storage as NativeStorage;
    if (freed) throw new TensorError('disposed', this.#name, { wanted: 'a live array', got: 'one that was freed' });
    return handle;
  }

  /** Runs a kernel that makes arrays of these lengths, and gives them. Throws `out-of-memory`. */
  call(
    kernel: string,
    ints: readonly number[],
    numbers: readonly number[],
    made: readonly (readonly [DType, number])[],
  ): NativeStorage[] {
    for (const [, length] of made) this.#check(length);
    const block = this.#addon.ints;
    const index = this.#index.get(kernel);
    if (index === undefined)
      throw new TensorError('unavailable', this.#name, {
        wanted: `the kernel '${kernel}'`,
        got: 'kernels that were built from other sources',
        try: 'build them again: npm test or npm start in a clone (npm run build:wasm for wasm), npx ingot doctor --build elsewhere',
      });
    block[0] = index;
    for (let i = 0; i < ints.length; i++) block[i + 1] = ints[i]!;
    for (let i = 0; i < numbers.length; i++) this.#addon.numbers[i] = numbers[i]!;
    if (this.#addon.run() !== 0) throw this.#outOfMemory(made.reduce((sum, [, length]) => sum + length, 0));
    const results = this.#addon.ints; // anew: a memory that grew has another buffer
    return made.map(([dtype, length], i) => this.#hold(results[i]!, dtype, length));
  }
  /** As `call`, for one float array. */
  float(kernel: string, ints: readonly number[], length: number, numbers: readonly number[] = []): NativeStorage {
    return this.call(kernel, ints, numbers, [['f32', length]])[0]!;
  }
  /** As `call`, for kernels that work in place. */
  inPlace(kernel: string, ints: readonly number[], numbers: readonly number[] = []): void {
    this.call(kernel, ints, numbers, []);
  }
  /** Number 0 after a call. */
  get result(): number {
    return this.#addon.numbers[0]!;
  }

  make(dtype: DType, length: number): NativeStorage {
    this.#check(length);
    const handle = this.#addon.make(length);
    if (handle < 0) throw this.#outOfMemory(length);
    return this.#hold(handle, dtype, length);
  }
  free(storage: Storage): void {
    const own = storage as NativeStorage;
    if (own.freed || !this.#addon.drop(own.handle))
      throw new TensorError('disposed', 'free', { wanted: 'a live array', got: 'one that was freed before' });
    own.freed = true;
    this.#bytes -= own.length * BYTES;
    this.#arrays--;
  }
  memory(): MemoryUse {
    return { bytes: this.#bytes, peak: this.#peak, arrays: this.#arrays };
  }
  resetPeak(): void {
    this.#peak = this.#bytes;
  }

  #hold(handle: number, dtype: DType, length: number): NativeStorage {
    this.#bytes += length * BYTES;
    this.#peak = Math.max(this.#peak, this.#bytes);
    this.#arrays++;
    return new NativeStorage(handle, dtype, length);
  }
  /** Throws `out-of-memory` for an array that no memory of this device could hold. */
  #check(length: number): void {
    const most = Math.min(MOST * BYTES, this.#limit ?? Infinity);
    if (length * BYTES > most)
      throw new TensorError('out-of-memory', this.#name, {
        wanted: `an array of at most ${most} bytes`,
        got: `${length * BYTES}`,
        try: 'a smaller batch, a shorter length or a smaller model',
      });
  }
  #outOfMemory(length: number): TensorError {
    return new TensorError('out-of-memory', this.#name, {
      wanted: `${length * BYTES} bytes`,
      got: `none left beside the ${this.#bytes} in use${this.#limit === undefined ? '' : `, of at most ${this.#limit}`}`,
      try: 'a smaller batch, a shorter length or a smaller model',
    });
  }
}
