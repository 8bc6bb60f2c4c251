// Near-duplicates by MinHash and banding. Broder 1997, "On the resemblance and containment of documents": P(min h(A) = min h(B)) = |A∩B| / |A∪B|;
// Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4: b bands of r rows make candidates of a pair of similarity s with probability 1 − (1 − s^r)^b.
import { mix32, shinglesOf } from './shingles.js';

export interface MinHashOptions {
  /** Length of a signature. */
  readonly permutations: number;
  /** A divisor of `permutations`; by default `bandsFor` the threshold. */
  readonly bands?: number | undefined;
  /** The Jaccard similarity of shingles from which two documents are near-duplicates. */
  readonly threshold: number;
  /** Words in a shingle. */
  readonly shingle: number;
}

/** |A∩B| / |A∪B|; 1 for two empty sets. */
export const jaccard = (a: ReadonlySet<number>, b: ReadonlySet<number>): number => {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const one of small) if (large.has(one)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 1 : shared / union;
};

/** The least value of a set under each of `permutations` one-to-one mixings of 32 bits: equal in a share of places that estimates the Jaccard similarity. */
export const signatureOf = (shingles: ReadonlySet<number>, permutations: number): Uint32Array => {
  const signature = new Uint32Array(permutations).fill(0xffffffff);
  for (let i = 0; i < permutations; i++) {
    const multiplier = mix32(2 * i + 1) | 1; // odd: the product is one to one
    const offset = mix32(0x9e3779b9 + i);
    let least = 0xffffffff;
    for (const shingle of shingles) least = Math.min(least, mix32(Math.imul(shingle, multiplier) + offset));
    signature[i] = least;
  }
  return signature;
};

/** Of the divisors of `permutations` the fewest bands whose threshold (1/b)^(1/r) is at most the wanted one, so that pairs above it are nearly always candidates. */
export const bandsFor = (permutations: number, threshold: number): number => {
  const divisors = Array.from({ length: permutations }, (_, at) => at + 1).filter(
    (bands) => permutations % bands === 0,
  );
  return divisors.find((bands) => (1 / bands) ** (bands / permutations) <= threshold) ?? permutations;
};

/**
 * The items whose text is no near-duplicate of an earlier one that stays, in order. Candidates come from the bands, and only a pair
 * whose true Jaccard similarity reaches the threshold is a duplicate: what is dropped is always similar; a duplicate just above the threshold may be missed.
 * Throws RangeError when `bands` does not divide `permutations`.
 */
export const withoutNearCopies = <Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
  options: MinHashOptions,
): Item[] => {
  const { permutations, threshold, shingle } = options;
  const bands = options.bands ?? bandsFor(permutations, threshold);
  const rows = permutations / bands;
  if (!Number.isInteger(rows))
    throw new RangeError(`Wanted bands that divide ${permutations} permutations, got ${bands}.`);
  const kept: ReadonlySet<number>[] = [];
  const buckets = new Map<string, number[]>();
  return items.filter((item) => {
    const shingles = shinglesOf(textOf(item), shingle);
    const signature = signatureOf(shingles, permutations);
    const keys = Array.from(
      { length: bands },
      (_, band) => `${band}:${signature.subarray(band * rows, (band + 1) * rows).join()}`,
    );
    const candidates = new Set(keys.flatMap((key) => buckets.get(key) ?? []));
    for (const candidate of candidates) if (jaccard(shingles, kept[candidate]!) >= threshold) return false;
    for (const key of keys) {
      const bucket = buckets.get(key);
      if (bucket) bucket.push(kept.length);
      else buckets.set(key, [kept.length]);
    }
    kept.push(shingles);
    return true;
  });
};
