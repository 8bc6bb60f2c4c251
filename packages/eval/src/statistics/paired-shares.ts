// The interval of a difference of two shares on the same items. Newcombe 1998, "Improved confidence intervals for the difference between
// binomial proportions based on paired data", method 10: Wilson's bounds squared and added, less their correlation φ.
import { checkConfidence, type Interval, refuse } from './refuse.js';
import { wilsonInterval } from './wilson.js';

/** Outcomes of two models on n items: both right, only the first, only the second, neither. */
export interface Agreement {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly neither: number;
}

/** φ with a continuity correction where it is positive; 0 where a margin is empty. */
function correlation({ both, first, second, neither }: Agreement, n: number): number {
  const margins = (both + first) * (second + neither) * (both + second) * (first + neither);
  if (margins === 0) return 0;
  const cross = both * neither - first * second;
  return (cross > 0 ? Math.max(0, cross - n / 2) : cross) / Math.sqrt(margins);
}

/** Bounds of the first's share less the second's; unlike a bootstrap it has width where the two never disagree. Throws `bad-value` without items. */
export function pairedSharesInterval(agreement: Agreement, confidence = 0.95): Interval {
  checkConfidence('The interval of paired shares', confidence);
  const { both, first, second, neither } = agreement;
  const n = both + first + second + neither;
  if (!(n > 0)) refuse('The interval of paired shares', 'one item at least', String(n));
  const [p1, p2] = [(both + first) / n, (both + second) / n];
  const one = wilsonInterval(both + first, n, confidence);
  const two = wilsonInterval(both + second, n, confidence);
  const phi = correlation(agreement, n);
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  return {
    low: Math.max(-1, p1 - p2 - reach(p1 - one.low, two.high - p2)),
    high: Math.min(1, p1 - p2 + reach(one.high - p1, p2 - two.low)),
  };
}
