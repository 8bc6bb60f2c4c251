// The paired permutation test: if two models are alike, each item's two results could as well be exchanged. Fisher 1935, The Design of Experiments, section 21.
import { refuse } from './refuse.js';
import { STREAMS, words } from './resampling.js';

export interface PermutationOptions {
  /** Random exchanges where there are too many to try all; 9,999 unless said. */
  readonly exchanges?: number;
  readonly seed?: number;
}

/** Up to so many items all 2ⁿ exchanges are tried. */
const EXACT = 16;

/** A sum is as large as another within rounding, so that the observed exchange always counts. */
const asLarge = (sum: number, observed: number): boolean => Math.abs(sum) >= Math.abs(observed) * (1 - 1e-12);

/**
 * The two-sided p of Σ differences under exchanges of sign: exact up to 16 differences, else (1 + hits) / (1 + exchanges), seeded
 * (Phipson and Smyth 2010: never 0). Throws `bad-value` without differences.
 */
export function permutationTest(
  differences: readonly number[],
  { exchanges = 9999, seed = 0 }: PermutationOptions = {},
): number {
  const n = differences.length;
  if (n === 0) refuse('The permutation test', 'one difference at least', 'none');
  const observed = differences.reduce((sum, one) => sum + one, 0);
  if (n <= EXACT) {
    let hits = 0;
    for (let signs = 0; signs < 2 ** n; signs++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (signs >>> i) & 1 ? -(differences[i] ?? 0) : (differences[i] ?? 0);
      if (asLarge(sum, observed)) hits++;
    }
    return hits / 2 ** n;
  }
  const word = words(seed, STREAMS.permutation);
  let hits = 0;
  for (let exchange = 0; exchange < exchanges; exchange++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < n; i++) {
      if (i % 32 === 0) bits = word();
      sum += bits & 1 ? -(differences[i] ?? 0) : (differences[i] ?? 0);
      bits >>>= 1;
    }
    if (asLarge(sum, observed)) hits++;
  }
  return (1 + hits) / (1 + exchanges);
}
