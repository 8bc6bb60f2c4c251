// Byte-pair merging of a long piece: a heap over a linked list, so n log n, also for a piece of a hundred thousand characters.
import type { Merges } from './merge-pairs.js';
import { NONE } from './pair-table.js';

/** A rank and a position as one exact double that sorts by rank, then from the left: ranks stay below 2^25, positions below 2^28. */
const RANK = 2 ** 28;

/** A binary heap of numbers, the least first. */
class Heap {
  #keys: Float64Array;
  #size = 0;

  constructor(room: number) {
    this.#keys = new Float64Array(room);
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const more = new Float64Array(2 * this.#size);
      more.set(this.#keys);
      this.#keys = more;
    }
    const keys = this.#keys;
    let i = this.#size++;
    for (let parent = (i - 1) >> 1; i > 0 && key < keys[parent]!; parent = (i - 1) >> 1) {
      keys[i] = keys[parent]!;
      i = parent;
    }
    keys[i] = key;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const keys = this.#keys;
    const top = keys[0]!;
    const key = keys[--this.#size]!;
    let i = 0;
    for (let child = 1; child < this.#size; child = 2 * i + 1) {
      if (child + 1 < this.#size && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[i] = keys[child]!;
      i = child;
    }
    keys[i] = key;
    return top;
  }
}

/** What merging a piece of up to `length` ids works with. */
const room = (length: number) => ({
  next: new Int32Array(length),
  previous: new Int32Array(length),
  /** The rank of the pair that begins at a place; stale heap entries differ from it. */
  rankAt: new Int32Array(length),
  heap: new Heap(length),
});
/** Room for a piece of this many ids, used again for every such piece; a longer one gets its own. */
const USUAL = 1024;
const usual = room(USUAL);

/** Merges the first `length` of `ids` in place; the result stands at their front. Returns its length. */
export const mergeLong = (ids: Int32Array, length: number, merges: Merges): number => {
  const { next, previous, rankAt, heap } = length > USUAL ? room(length) : usual;
  for (let i = 0; i < length; i++) {
    next[i] = i + 1; // length: the end
    previous[i] = i - 1;
  }
  const offer = (i: number): void => {
    const j = next[i]!;
    const rank = j < length ? merges.ranks.get(ids[i]!, ids[j]!) : NONE;
    rankAt[i] = rank;
    if (rank !== NONE) heap.push(rank * RANK + i);
  };
  for (let i = 0; i < length; i++) offer(i);

  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const rank = Math.floor(top / RANK);
    const i = top % RANK;
    if (rankAt[i] !== rank) continue;
    const j = next[i]!;
    ids[i] = merges.made[rank]!;
    next[i] = next[j]!;
    if (next[j]! < length) previous[next[j]!] = i;
    rankAt[j] = NONE;
    offer(i);
    if (i > 0) offer(previous[i]!);
  }
  let kept = 0;
  for (let i = 0; i < length; i = next[i]!) ids[kept++] = ids[i]!;
  return kept;
};
