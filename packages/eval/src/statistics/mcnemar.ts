// Paired yes-and-no outcomes. McNemar 1947; the exact form: of the b + c items on which two models disagree, each side wins like a fair coin.
//   p = min(1, 2 · P(X ≤ min(b, c))),  X ~ Binomial(b + c, ½)
import { fairCoinBelow } from './distributions.js';
import { refuse } from './refuse.js';

/** The exact two-sided p of `b` items that only the first got right and `c` that only the second did; 1 when they never disagree. Throws `bad-value` for counts that are none. */
export function mcnemar(b: number, c: number): number {
  if (![b, c].every((count) => Number.isSafeInteger(count) && count >= 0))
    refuse("McNemar's test", 'two counts from 0', `${b} and ${c}`);
  return Math.min(1, 2 * fairCoinBelow(Math.min(b, c), b + c));
}

/** The exact two-sided sign test of differences: zeros are left out. Dixon and Mood 1946. */
export const signTest = (differences: readonly number[]): number =>
  mcnemar(differences.filter((one) => one > 0).length, differences.filter((one) => one < 0).length);
