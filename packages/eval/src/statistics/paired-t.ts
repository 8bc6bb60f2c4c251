// The paired t test. Student 1908: t = d̄ / (s / √n), n − 1 degrees of freedom; d are differences of pairs, s their standard deviation.
import { criticalT, twoSidedT } from './distributions.js';
import { checkConfidence, checkPairs, type Interval } from './refuse.js';

export interface PairedT {
  /** Mean of a − b. */
  readonly difference: number;
  readonly t: number;
  readonly freedom: number;
  /** Two-sided. */
  readonly p: number;
  readonly interval: Interval;
}

/** Differences that never vary give t of 0 or ±Infinity and an interval of no width. Throws `bad-value` for unequal lengths, or fewer than two pairs. */
export function pairedT(a: readonly number[], b: readonly number[], confidence = 0.95): PairedT {
  checkConfidence('The paired t test', confidence);
  checkPairs('The paired t test', a, b, 2);
  const n = a.length;
  const differences = a.map((one, i) => one - (b[i] ?? 0));
  const difference = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - difference) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  const t = difference === 0 ? 0 : difference / error;
  const half = error * criticalT(confidence, n - 1);
  return {
    difference,
    t,
    freedom: n - 1,
    p: Number.isFinite(t) ? twoSidedT(t, n - 1) : 0,
    interval: { low: difference - half, high: difference + half },
  };
}
