// Which pairs of ids merge, into what, and how early that was learnt: a hash table of whole numbers (open addressing, linear probing).

/** The rank of a pair that never merges: after every other. */
export const NEVER = 0x7fff_ffff;

/** The merges of a vocabulary by pair of ids. */
export class MergeTable {
  /** The id that the merge of each rank makes. */
  readonly made: Int32Array;
  /** left + 1 and right of each place; 0: free. */
  readonly #pairs: Int32Array;
  readonly #ranks: Int32Array;
  readonly #mask: number;

  /** Room for this many merges. */
  constructor(merges: number) {
    let places = 16;
    while (places < 2 * merges) places *= 2;
    this.made = new Int32Array(merges);
    this.#pairs = new Int32Array(2 * places);
    this.#ranks = new Int32Array(places);
    this.#mask = places - 1;
  }

  /** Says what a pair becomes; of a pair that is said twice the first rank counts. */
  set(left: number, right: number, rank: number, made: number): void {
    this.made[rank] = made;
    let place = hash(left, right) & this.#mask;
    for (; this.#pairs[2 * place] !== 0; place = (place + 1) & this.#mask)
      if (this.#pairs[2 * place] === left + 1 && this.#pairs[2 * place + 1] === right) return;
    this.#pairs[2 * place] = left + 1;
    this.#pairs[2 * place + 1] = right;
    this.#ranks[place] = rank;
  }

  /** The rank of a pair, or `NEVER`. */
  rank(left: number, right: number): number {
    const pairs = this.#pairs;
    for (let place = hash(left, right) & this.#mask; ; place = (place + 1) & this.#mask) {
      const there = pairs[2 * place]!;
      if (there === 0) return NEVER;
      if (there === left + 1 && pairs[2 * place + 1] === right) return this.#ranks[place]!;
    }
  }
}

/** Mixes both ids into all bits (the multipliers of xxHash32). */
const hash = (left: number, right: number): number => {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d) >>> 7;
};
