// Byte-pair merging of one piece: of all adjacent pairs the one that was learnt first is merged, the leftmost of equals, until none is left
// (Sennrich et al. 2016, algorithm 1). A heap over a linked list: n log n, also for a piece of a hundred thousand characters.

/** What a pair of ids becomes, and how early it was learnt. */
export interface Merges {
  /** The rank of a pair, or undefined: it is never merged. */
  rank(left: number, right: number): number | undefined;
  /** The id that the merge of this rank makes. */
  made(rank: number): number;
}

/** Ids of a piece after all merges; `ids` is changed in place and its live part is returned. */
export const mergePairs = (ids: Int32Array, merges: Merges): Int32Array => {
  const n = ids.length;
  if (n < 2) return ids;
  const next = Int32Array.from({ length: n }, (_, i) => i + 1); // n: the end
  const previous = Int32Array.from({ length: n }, (_, i) => i - 1);
  const rankAt = new Float64Array(n).fill(Infinity); // the rank of the pair that begins here; stale heap entries differ from it
  const heap = new RankHeap();
  const offer = (i: number): void => {
    const j = i < 0 ? n : next[i]!;
    if (j >= n) {
      if (i >= 0) rankAt[i] = Infinity;
      return;
    }
    const rank = merges.rank(ids[i]!, ids[j]!);
    rankAt[i] = rank ?? Infinity;
    if (rank !== undefined) heap.push(rank, i);
  };
  for (let i = 0; i < n - 1; i++) offer(i);

  let left = n;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const [rank, i] = top;
    if (rankAt[i] !== rank) continue;
    const j = next[i]!;
    ids[i] = merges.made(rank);
    next[i] = next[j]!;
    if (next[j]! < n) previous[next[j]!] = i;
    rankAt[j] = Infinity;
    left--;
    offer(i);
    offer(previous[i]!);
  }
  const merged = new Int32Array(left);
  for (let i = 0, k = 0; i < n; i = next[i]!) merged[k++] = ids[i]!;
  return merged;
};

/** A binary heap of (rank, position), smallest rank first, then the leftmost. */
class RankHeap {
  readonly #ranks: number[] = [];
  readonly #positions: number[] = [];

  push(rank: number, position: number): void {
    let i = this.#ranks.length;
    this.#ranks.push(rank);
    this.#positions.push(position);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  pop(): readonly [rank: number, position: number] | undefined {
    const size = this.#ranks.length;
    if (size === 0) return undefined;
    this.#swap(0, size - 1);
    const top = [this.#ranks.pop()!, this.#positions.pop()!] as const;
    let i = 0;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < size - 1 && this.#before(child, least)) least = child;
      if (least === i) return top;
      this.#swap(i, least);
      i = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [rankA, rankB] = [this.#ranks[a]!, this.#ranks[b]!];
    return rankA < rankB || (rankA === rankB && this.#positions[a]! < this.#positions[b]!);
  }

  #swap(a: number, b: number): void {
    [this.#ranks[a], this.#ranks[b]] = [this.#ranks[b]!, this.#ranks[a]!];
    [this.#positions[a], this.#positions[b]] = [this.#positions[b]!, this.#positions[a]!];
  }
}
