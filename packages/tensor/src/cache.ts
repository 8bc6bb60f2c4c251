// The key-value cache of decoding: one pair of arrays a layer, (slots, capacity, width), and how many positions each slot holds.
import type { Device, Storage } from './device.js';
import { TensorError } from './errors.js';

/** The part of a cache that a batch works on: its sequences' slots, and the positions that each holds already. */
export interface AttentionCache {
  readonly cache: KeyValueCache;
  readonly slots: readonly number[];
  readonly starts: readonly number[];
}

export interface CacheSizes {
  readonly layers: number;
  /** Sequences. */
  readonly slots: number;
  /** Positions a sequence can hold. */
  readonly capacity: number;
  /** kvHeads · headSize. */
  readonly width: number;
}

/** Keys and values of past positions. No scope frees it: dispose of it. */
export class KeyValueCache implements CacheSizes {
  readonly layers: number;
  readonly slots: number;
  readonly capacity: number;
  readonly width: number;
  readonly device: Device;
  /** Positions held, per slot. */
  readonly lengths: number[];
  readonly #arrays: { readonly keys: Storage; readonly values: Storage }[];
  #disposed = false;

  private constructor(device: Device, { layers, slots, capacity, width }: CacheSizes) {
    this.device = device;
    this.layers = layers;
    this.slots = slots;
    this.capacity = capacity;
    this.width = width;
    this.lengths = Array.from({ length: slots }, () => 0);
    const make = (): Storage => device.zeros('f32', slots * capacity * width);
    this.#arrays = Array.from({ length: layers }, () => ({ keys: make(), values: make() }));
  }

  /** An empty cache; throws `bad-option` for sizes that are not whole numbers from 1. */
  static create(device: Device, sizes: CacheSizes): KeyValueCache {
    for (const [name, n] of Object.entries(sizes)) {
      if (!Number.isSafeInteger(n) || n < 1)
        throw new TensorError('bad-option', 'KeyValueCache', { wanted: `${name} from 1`, got: `${n}` });
    }
    return new KeyValueCache(device, sizes);
  }
  /** Bytes of its arrays. */
  get bytes(): number {
    return 8 * this.layers * this.slots * this.capacity * this.width;
  }
  /** Keys and values of one layer, for the op; throws `bad-index`, `disposed`. */
  layer(index: number): { readonly keys: Storage; readonly values: Storage } {
    if (this.#disposed)
      throw new TensorError('disposed', 'KeyValueCache', { wanted: 'a live cache', got: 'one that was disposed of' });
    const arrays = this.#arrays[index];
    if (arrays === undefined)
      throw new TensorError('bad-index', 'KeyValueCache', {
        wanted: `a layer from 0 to ${this.layers - 1}`,
        got: `${index}`,
      });
    return arrays;
  }
  /** These slots as one batch, each once; throws `bad-index`. */
  view(slots: readonly number[]): AttentionCache {
    if (new Set(slots).size !== slots.length)
      throw new TensorError('bad-index', 'KeyValueCache', { wanted: 'each slot once', got: slots.join(', ') });
    return { cache: this, slots: [...slots], starts: slots.map((slot) => this.#held(slot)) };
  }
  /** Forgets a slot's positions. */
  reset(slot: number): void {
    this.#held(slot);
    this.lengths[slot] = 0;
  }
  /** Gives slot `to` the first `count` positions of slot `from`, and no others: what begins alike is computed once. Throws `bad-index`. */
  copy(from: number, to: number, count: number): void {
    this.#held(to);
    if (!(Number.isSafeInteger(count) && count >= 0 && count <= this.#held(from)))
      throw new TensorError('bad-index', 'KeyValueCache', {
        wanted: `0 to ${this.lengths[from]} positions, as many as slot ${from} holds`,
        got: `${count}`,
      });
    const [start, target] = [from, to].map((slot) => slot * this.capacity * this.width) as [number, number];
    if (from !== to && count > 0)
      for (const { keys, values } of this.#arrays)
        for (const array of [keys, values]) this.device.copy(array, start, array, target, count * this.width);
    this.lengths[to] = count;
  }
  /** Counts `count` new positions in each of these slots, after all layers wrote theirs; throws `bad-index` beyond the capacity. */
  advance(slots: readonly number[], count: number): void {
    for (const slot of slots) {
      const held = this.#held(slot) + count;
      if (held > this.capacity)
        throw new TensorError('bad-index', 'KeyValueCache', {
          wanted: `at most ${this.capacity} positions`,
          got: `${held}`,
        });
      this.lengths[slot] = held;
    }
  }
  /** Frees its arrays; once more does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { keys, values } of this.#arrays) {
      this.device.free(keys);
      this.device.free(values);
    }
  }
  #held(slot: number): number {
    const held = this.lengths[slot];
    if (held === undefined)
      throw new TensorError('bad-index', 'KeyValueCache', {
        wanted: `a slot from 0 to ${this.slots - 1}`,
        got: `${slot}`,
      });
    return held;
  }
}
