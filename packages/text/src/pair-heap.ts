// A binary heap of pairs: the highest count first, of equal counts the smaller pair.

/** The heap that BPE training takes its next pair from. */
export class PairHeap {
  readonly #counts: number[] = [];
  readonly #pairs: number[] = [];

  /** Adds a pair under a count; the same pair may be there under an older count. */
  push(count: number, pair: number): void {
    let i = this.#counts.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(count, pair, this.#counts[parent]!, this.#pairs[parent]!)) break;
      this.#counts[i] = this.#counts[parent]!;
      this.#pairs[i] = this.#pairs[parent]!;
      i = parent;
    }
    this.#counts[i] = count;
    this.#pairs[i] = pair;
  }

  /** Takes the first pair, or gives undefined when the heap is empty. */
  pop(): readonly [count: number, pair: number] | undefined {
    const size = this.#counts.length - 1;
    if (size < 0) return undefined;
    const top = [this.#counts[0]!, this.#pairs[0]!] as const;
    const count = this.#counts.pop()!;
    const pair = this.#pairs.pop()!;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        before(this.#counts[child + 1]!, this.#pairs[child + 1]!, this.#counts[child]!, this.#pairs[child]!)
      )
        child++;
      if (!before(this.#counts[child]!, this.#pairs[child]!, count, pair)) break;
      this.#counts[i] = this.#counts[child]!;
      this.#pairs[i] = this.#pairs[child]!;
      i = child;
    }
    this.#counts[i] = count;
    this.#pairs[i] = pair;
    return top;
  }
}

const before = (count: number, pair: number, otherCount: number, otherPair: number): boolean =>
  count > otherCount || (count === otherCount && pair < otherPair);
