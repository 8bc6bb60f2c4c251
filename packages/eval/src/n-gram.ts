// A byte-level n-gram model with back-off: interpolated Witten-Bell smoothing (Witten & Bell 1991; Chen & Goodman 1998, section 2.5).
//   P(b | c) = (N(c b) + T(c) · P(b | c')) / (N(c) + T(c)),   P(b) of no context at all = 1/256
// N counts, T(c) is how many different bytes followed the context c, c' is c without its first byte.

/** Longest context whose key, with the byte that follows, is still an exact integer in a double: 5 + 1 bytes are 48 bits. */
const LONGEST_CONTEXT = 5;

interface Order {
  /** N(c b) by context · 256 + byte. */
  readonly pairs: Map<number, number>;
  /** N(c) by context. */
  readonly totals: Map<number, number>;
  /** T(c) by context. */
  readonly kinds: Map<number, number>;
}

const increment = (counts: Map<number, number>, key: number): number => {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
};

/** Counts of all orders 1 … n of a text of bytes. A document's first bytes have shorter contexts: nothing leaks from one document to the next. */
export class ByteNgram {
  /** n: the context is at most n − 1 bytes long. */
  readonly order: number;
  readonly #orders: readonly Order[];

  /** Throws RangeError unless `order` is a whole number from 1 to 6. */
  constructor(order: number) {
    if (!Number.isInteger(order) || order < 1 || order > LONGEST_CONTEXT + 1)
      throw new RangeError(`ByteNgram wants an order from 1 to ${LONGEST_CONTEXT + 1}, got ${order}.`);
    this.order = order;
    this.#orders = Array.from({ length: order }, () => ({ pairs: new Map(), totals: new Map(), kinds: new Map() }));
  }

  /** Adds one document's counts. */
  train(document: Uint8Array): void {
    this.#walk(document, (length, context, byte) => {
      const { pairs, totals, kinds } = this.#orders[length]!;
      increment(totals, context);
      if (increment(pairs, context * 256 + byte) === 1) increment(kinds, context);
    });
  }

  /** Σ −log2 P of a document's bytes. */
  bits(document: Uint8Array): number {
    let bits = 0;
    for (let i = 0; i < document.length; i++) bits -= Math.log2(this.probability(document, i));
    return bits;
  }

  /** P(document[position] | the bytes before it), from 0 to 1; over all 256 bytes it sums to 1. */
  probability(document: Uint8Array, position: number): number {
    const byte = document[position]!;
    let probability = 1 / 256;
    let context = 0;
    for (let length = 0; length < this.order && length <= position; length++) {
      if (length > 0) context += document[position - length]! * 256 ** (length - 1);
      const { pairs, totals, kinds } = this.#orders[length]!;
      const total = totals.get(context);
      if (total === undefined) break; // never seen: every longer context is unseen too
      const different = kinds.get(context)!;
      probability = ((pairs.get(context * 256 + byte) ?? 0) + different * probability) / (total + different);
    }
    return probability;
  }

  #walk(document: Uint8Array, visit: (length: number, context: number, byte: number) => void): void {
    for (let i = 0; i < document.length; i++) {
      let context = 0;
      for (let length = 0; length < this.order && length <= i; length++) {
        if (length > 0) context += document[i - length]! * 256 ** (length - 1);
        visit(length, context, document[i]!);
      }
    }
  }
}
