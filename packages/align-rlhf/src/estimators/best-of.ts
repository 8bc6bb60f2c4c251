// What best of k would give, from n answers a prompt: the mean over all ways to choose k of them (the estimator behind pass@k, Chen et al. 2021, section 2.1, for rewards that are not 0 or 1).

/**
 * E[max of k] over draws of k out of `scores` without putting back, unbiased for k fresh answers: Σ C(i − 1, k − 1) / C(n, k) · x_(i) over the scores in order.
 * NaN where k is not from 1 to n.
 */
export function bestOf(scores: readonly number[], k: number): number {
  const n = scores.length;
  if (!(k >= 1 && k <= n)) return Number.NaN;
  const sorted = scores.toSorted((a, b) => b - a);
  // The largest is in the choice with probability k/n; each next one stands at the top with that of the one before times (n − j − k + 1) / (n − j).
  let [share, total] = [k / n, 0];
  for (let j = 0; j < n && share > 0; j++) {
    total += share * sorted[j]!;
    share *= (n - j - k) / (n - j - 1);
  }
  return total;
}
