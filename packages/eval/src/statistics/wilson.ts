// The score interval of a proportion at any confidence; the formula is that of contracts, which reports of every package share.
import { wilson } from '@ingot/contracts';
import { normalQuantile } from './distributions.js';
import { checkConfidence, type Interval, refuse } from './refuse.js';

/**
 * Bounds of the probability behind `successes` of `n`. Successes may be fractions (half points for ties): a score in [0, 1] varies no more
 * than a coin of the same mean, so the interval is then on the wide side. Throws `bad-value` unless 0 ≤ successes ≤ n and n > 0.
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  checkConfidence('The Wilson interval', confidence);
  if (!(n > 0 && successes >= 0 && successes <= n))
    refuse('The Wilson interval', 'from 0 to n successes of n > 0', `${successes} of ${n}`);
  const { low, high } = wilson(successes, n, normalQuantile(1 - (1 - confidence) / 2));
  return { low, high };
}
