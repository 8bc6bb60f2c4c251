// Whitening: (x − mean) / √(variance + 1e-8) with the unbiased variance, as TRL and its predecessors have it (Ziegler et al. 2019, code).

const EPSILON = 1e-8;

/** Whitened numbers; with `shiftMean: false` the mean is put back afterwards. One number alone has no variance: it becomes 0, or stays. */
export function whiten(
  x: ArrayLike<number>,
  { shiftMean = true }: { readonly shiftMean?: boolean } = {},
): Float64Array {
  const numbers = Float64Array.from(x);
  const mean = numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length);
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const variance = numbers.length > 1 ? squares / (numbers.length - 1) : 0;
  const scale = 1 / Math.sqrt(variance + EPSILON);
  return numbers.map((one) => (one - mean) * scale + (shiftMean ? 0 : mean));
}
