// The bootstrap interval, bias-corrected and accelerated (BCa). Efron 1987; Efron and Tibshirani 1993, chapter 14:
//   α' = Φ(z0 + (z0 + zα) / (1 − a·(z0 + zα))),  z0 = Φ⁻¹(share of resamples below the estimate),  a = Σ d³ / (6·(Σ d²)^1.5)
// d are the jackknife's deviations, mean minus each value with one item left out.
import { normalBelow, normalQuantile } from './distributions.js';
import { checkConfidence, type Interval, refuse } from './refuse.js';
import { below, STREAMS, words } from './resampling.js';

export interface BootstrapOptions {
  readonly confidence?: number;
  /** 2,000 unless said. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** Beyond so many items the acceleration, of order 1/√n, is below the noise of the resamples: it is taken as 0. */
const JACKKNIFE_LIMIT = 2000;

function acceleration(count: number, statistic: (indices: Int32Array) => number): number {
  if (count > JACKKNIFE_LIMIT) return 0;
  const values = Array.from({ length: count }, (_, left) =>
    statistic(Int32Array.from({ length: count - 1 }, (__, i) => (i < left ? i : i + 1))),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  return squares > 0 ? values.reduce((sum, value) => sum + (mean - value) ** 3, 0) / (6 * squares ** 1.5) : 0;
}

/** The value below which that share of the sorted values lies, between neighbours by straight lines. */
function quantile(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length + 1) - 1));
  const floor = Math.floor(place);
  const low = sorted[floor] ?? 0;
  const high = sorted[Math.min(sorted.length - 1, floor + 1)] ?? low;
  return low + (high - low) * (place - floor);
}

/**
 * Bounds of a statistic of `count` items, which it is given as indices with repetition; pairs stay together when an index stands for both
 * models' item. Seeded (Philox), so the same call gives the same bounds. Throws `bad-value` for fewer than two items.
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: Int32Array) => number,
  { confidence = 0.95, resamples = 2000, seed = 0 }: BootstrapOptions = {},
): Interval {
  checkConfidence('The bootstrap', confidence);
  if (!(Number.isSafeInteger(count) && count >= 2)) refuse('The bootstrap', 'two items at least', String(count));
  const word = words(seed, STREAMS.bootstrap);
  const indices = new Int32Array(count);
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < count; i++) indices[i] = below(word(), count);
    values[resample] = statistic(indices);
  }
  values.sort();
  const estimate = statistic(Int32Array.from({ length: count }, (_, i) => i));
  const under = values.reduce((sum, value) => sum + (value < estimate ? 1 : value === estimate ? 0.5 : 0), 0);
  // A share of 0 or 1 has no quantile: half a resample is the least that can be said.
  const share = Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, under / resamples));
  const bias = normalQuantile(share);
  const a = acceleration(count, statistic);
  const bound = (alpha: number): number => {
    const shifted = bias + normalQuantile(alpha);
    return quantile(values, normalBelow(bias + shifted / (1 - a * shifted)));
  };
  return { low: bound((1 - confidence) / 2), high: bound(1 - (1 - confidence) / 2) };
}
