// Numbers that tell how an update went: explained variance, approximate KL to the policy before, the bound on KL of best-of-n, correlations.

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / Math.max(1, x.length);
const variance = (x: readonly number[]): number => {
  const middle = mean(x);
  return mean(x.map((one) => (one - middle) ** 2));
};

/** 1 − Var(returns − values) / Var(returns): 1 is a perfect value function, 0 no better than a constant. NaN-free: 0 where returns do not vary. */
export function explainedVariance(returns: ArrayLike<number>, values: ArrayLike<number>): number {
  const whole = variance(Array.from(returns));
  if (whole === 0) return 0;
  return 1 - variance(Array.from(returns, (one, i) => one - values[i]!)) / whole;
}

/** ½ E[(log π − log π_old)²], the approximate KL between the policy and the one before (Schulman 2020, k2). */
export const approximateKl = (policy: ArrayLike<number>, old: ArrayLike<number>): number =>
  mean(Array.from(policy, (one, i) => 0.5 * (one - old[i]!) ** 2));

/** Pearson's correlation; 0 where one of the two does not vary. */
export function correlate(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [a, b] = [Array.from(x), Array.from(y)];
  const [ma, mb] = [mean(a), mean(b)];
  const scale = Math.sqrt(variance(a) * variance(b));
  return scale === 0 ? 0 : mean(a.map((one, i) => (one - ma) * (b[i]! - mb))) / scale;
}

/** KL(best of n ‖ π) ≤ ln n − (n − 1) / n, with equality where no two answers tie (Stiennon et al. 2020, appendix G.3). */
export const bestOfKl = (n: number): number => Math.log(n) - (n - 1) / n;
