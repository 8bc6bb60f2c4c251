// Whole numbers by pair of ids: a hash table in typed arrays (open addressing, linear probing) that grows.

/** What a table gives for a pair that it does not have: more than every number in it. */
export const NONE = 0x7fff_ffff;

/** Numbers below `NONE` by pair of ids. */
export class PairTable {
  /** left + 1 and right of each place; 0: free. */
  #pairs: Int32Array;
  #values: Int32Array;
  #mask: number;
  #size = 0;

  /** Room for this many pairs before it grows. */
  constructor(pairs = 0) {
    let places = 16;
    while (places < 2 * pairs) places *= 2;
    this.#pairs = new Int32Array(2 * places);
    this.#values = new Int32Array(places);
    this.#mask = places - 1;
  }

  /** The number of a pair, or `NONE`. */
  get(left: number, right: number): number {
    const place = this.#place(left, right);
    return this.#pairs[2 * place] === 0 ? NONE : this.#values[place]!;
  }

  /** Sets the number of a pair that the table does not have. */
  add(left: number, right: number, value: number): void {
    if (2 * this.#size > this.#mask) this.#grow();
    this.#size++;
    this.#put(left, right, value);
  }

  /** Where a pair stands, or the free place where it would. */
  #place(left: number, right: number): number {
    const pairs = this.#pairs;
    let place = hash(left, right) & this.#mask;
    for (let there = pairs[2 * place]!; there !== 0; there = pairs[2 * place]!) {
      if (there === left + 1 && pairs[2 * place + 1] === right) break;
      place = (place + 1) & this.#mask;
    }
    return place;
  }

  #put(left: number, right: number, value: number): void {
    const place = this.#place(left, right);
    this.#pairs[2 * place] = left + 1;
    this.#pairs[2 * place + 1] = right;
    this.#values[place] = value;
  }

  #grow(): void {
    const [pairs, values] = [this.#pairs, this.#values];
    this.#pairs = new Int32Array(2 * pairs.length);
    this.#values = new Int32Array(2 * values.length);
    this.#mask = 2 * values.length - 1;
    for (let place = 0; place < values.length; place++)
      if (pairs[2 * place] !== 0) this.#put(pairs[2 * place]! - 1, pairs[2 * place + 1]!, values[place]!);
  }
}

/** Mixes both ids into all bits (the multipliers of xxHash32). */
const hash = (left: number, right: number): number => {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d) >>> 7;
};
