// The score interval of a proportion. Wilson 1927, "Probable inference, the law of succession, and statistical inference":
//   (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
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
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const p = successes / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}
