// Intervals and tests against the numbers that their papers and textbooks print.
import { describe, expect, it, test } from 'vitest';
import {
  criticalT,
  fairCoinBelow,
  incompleteBeta,
  logGamma,
  normalBelow,
  normalQuantile,
  twoSidedT,
} from './distributions.js';
import {
  bootstrapInterval,
  holm,
  lengthControlledWinRate,
  mcnemar,
  pairedSharesInterval,
  pairedT,
  permutationTest,
  signTest,
  wilsonInterval,
  winRate,
} from './index.js';
import { words } from './resampling.js';

describe('distributions', () => {
  test('gamma, beta, normal, t, binomial at known points', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 12); // Σ C(4, j) .3^j .7^(4−j), j ≥ 2
    expect(normalBelow(1.96)).toBeCloseTo(0.97500210485178, 13);
    expect(normalBelow(-4) / 3.167124183311992e-5).toBeCloseTo(1, 11);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(criticalT(0.95, 9)).toBeCloseTo(2.262157162798205, 10); // tables of Student's t
    expect(twoSidedT(Math.tan(0.475 * Math.PI), 1)).toBeCloseTo(0.05, 12);
    expect(fairCoinBelow(1, 9)).toBeCloseTo(10 / 512, 14);
  });
});

describe('Wilson', () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
  it('refuses what is no proportion', () => {
    expect(() => wilsonInterval(3, 2)).toThrow(/from 0 to n successes of n > 0, got 3 of 2/);
    expect(() => wilsonInterval(1, 2, 1)).toThrow(/confidence between 0 and 1/);
  });
});

describe('paired shares', () => {
  // Newcombe 1998, "... based on paired data", table II, method 10
  it.each([
    [36, 12, 2, 0, 0.0569, 0.3404],
    [54, 0, 0, 0, -0.0664, 0.0664],
  ])('%i both, %i and %i alone, %i neither', (both, first, second, neither, low, high) => {
    const interval = pairedSharesInterval({ both, first, second, neither });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

// Student's sleep data (Student 1908; R's `sleep`): hours gained under two drugs by ten patients
const drugOne = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const drugTwo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
// Darwin's maize (Fisher 1935, table 3), cross less self in eighths of an inch
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

describe('paired tests', () => {
  test("McNemar's exact p", () => {
    expect(mcnemar(1, 8)).toBeCloseTo(0.0390625, 14); // 2 · (1 + 9) / 512
    expect(mcnemar(8, 1)).toBe(mcnemar(1, 8));
    expect(mcnemar(0, 0)).toBe(1);
    expect(mcnemar(5, 5)).toBe(1);
    expect(() => mcnemar(0.5, 1)).toThrow(/two counts/);
  });
  test('the t test: R prints t = -4.0621, df = 9, p = 0.002833, interval -2.4598858 to -0.7001142', () => {
    const { t, freedom, p, interval, difference } = pairedT(drugOne, drugTwo);
    expect(t).toBeCloseTo(-4.0621, 4);
    expect(freedom).toBe(9);
    expect(p).toBeCloseTo(0.002833, 6);
    expect(interval.low).toBeCloseTo(-2.4598858, 7);
    expect(interval.high).toBeCloseTo(-0.7001142, 7);
    expect(difference).toBeCloseTo(-1.58, 12);
    expect(pairedT([1, 2], [1, 2])).toMatchObject({ t: 0, p: 1 });
    expect(pairedT([1, 2], [0, 1])).toMatchObject({ t: Infinity, p: 0 });
    expect(() => pairedT([1], [1])).toThrow(/2 at least/);
  });
  test("the permutation test: Fisher counted 863 of 32,768 exchanges on one side of Darwin's maize", () => {
    expect(permutationTest(maize)).toBeCloseTo((2 * 863) / 32_768, 14);
    // Twice the data is beyond the exact limit: random exchanges agree with a fine count of a million within 5 standard errors
    const wide = [...maize, 1, -1];
    const fine = permutationTest(wide, { exchanges: 200_000, seed: 1 });
    const coarse = permutationTest(wide, { seed: 2 });
    expect(Math.abs(coarse - fine)).toBeLessThan(5 * Math.sqrt((fine * (1 - fine)) / 9999));
    expect(permutationTest(wide, { seed: 2 })).toBe(coarse);
    expect(permutationTest([0, 0])).toBe(1);
  });
  test('the sign test leaves zeros out', () => {
    expect(signTest([1, 1, 1, 1, 1, 1, 1, 1, -1, 0, 0])).toBeCloseTo(0.0390625, 14);
    expect(signTest(maize)).toBeCloseTo(2 * fairCoinBelow(2, 15), 14);
  });
});

describe('the bootstrap', () => {
  // Efron and Tibshirani 1993, table 14.1 (spatial test A) and 14.2: variance 171.5, 90% BCa interval (115.8, 259.6) of 2,000 resamples
  const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const variance = (indices: Int32Array): number => {
    const values = [...indices].map((i) => spatial[i] ?? 0);
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length;
  };
  it("gives the textbook's BCa interval", () => {
    expect(variance(Int32Array.from(spatial.keys()))).toBeCloseTo(171.5, 1);
    const { low, high } = bootstrapInterval(spatial.length, variance, { confidence: 0.9, resamples: 20_000 });
    expect(Math.abs(low - 115.8)).toBeLessThan(4); // theirs is one draw of 2,000 resamples
    expect(Math.abs(high - 259.6)).toBeLessThan(8);
  });
  it('is a function of its seed, and has no width where nothing varies', () => {
    const once = bootstrapInterval(26, variance, { resamples: 200, seed: 5 });
    expect(bootstrapInterval(26, variance, { resamples: 200, seed: 5 })).toEqual(once);
    expect(bootstrapInterval(26, variance, { resamples: 200, seed: 6 })).not.toEqual(once);
    expect(bootstrapInterval(4, () => 3)).toEqual({ low: 3, high: 3 });
    expect(() => bootstrapInterval(1, () => 0)).toThrow(/two items at least/);
  });
  it('covers: 95% intervals of a mean hold the true one in 88 to 99 of 100 samples', () => {
    const word = words(11, 1);
    let held = 0;
    for (let sample = 0; sample < 100; sample++) {
      const values = Array.from({ length: 40 }, () => word() / 2 ** 32);
      const mean = (indices: Int32Array) => indices.reduce((sum, i) => sum + (values[i] ?? 0), 0) / indices.length;
      const { low, high } = bootstrapInterval(40, mean, { resamples: 400, seed: sample });
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(88);
    expect(held).toBeLessThanOrEqual(99);
  });
});

test('Holm: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

describe('win rates', () => {
  it('counts ties as half', () => {
    const { rate, wins, ties, losses, p, interval } = winRate([1, 1, 1, 0.5, 0.5, 0]);
    expect({ rate, wins, ties, losses }).toEqual({ rate: 4 / 6, wins: 3, ties: 2, losses: 1 });
    expect(p).toBe(mcnemar(3, 1));
    expect(interval).toEqual(wilsonInterval(4, 6));
    expect(() => winRate([2])).toThrow(/from 0 to 1/);
    expect(() => winRate([])).toThrow(/one at least/);
  });

  /** Outcomes of a judge with this strength and love of length, drawn from the model itself. */
  const judged = (strength: number, love: number, longer: number) => {
    const word = words(3, 2);
    const first: number[] = [];
    const second: number[] = [];
    for (let i = 0; i < 4000; i++) {
      first.push(100 + longer + Math.floor((word() / 2 ** 32) * 100));
      second.push(100 + Math.floor((word() / 2 ** 32) * 100));
    }
    const differences = first.map((one, i) => one - (second[i] ?? 0));
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
    const deviation = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / differences.length);
    const outcomes = differences.map((one) =>
      word() / 2 ** 32 < 1 / (1 + Math.exp(-(strength + love * Math.tanh(one / deviation)))) ? 1 : 0,
    );
    return lengthControlledWinRate(outcomes, first, second);
  };
  it('recovers the planted strength of a model that is only longer', () => {
    const verbose = judged(0, 2, 60);
    expect(verbose.raw).toBeGreaterThan(0.7);
    expect(verbose.interval.low).toBeLessThan(0.5);
    expect(verbose.interval.high).toBeGreaterThan(0.5);
    expect(Math.abs(verbose.length - 2)).toBeLessThan(0.3); // 4,000 outcomes: standard error about 0.08
    const better = judged(1, 2, 0);
    expect(Math.abs(better.strength - 1)).toBeLessThan(0.2);
  });
  it('is finite where length separates everything, and is the win rate where length says nothing', () => {
    const apart = lengthControlledWinRate([1, 1, 0, 0], [9, 8, 1, 2], [1, 2, 9, 8]);
    expect(apart.rate).toBeCloseTo(0.5, 9);
    expect(Number.isFinite(apart.length)).toBe(true);
    const same = lengthControlledWinRate(
      [...new Array<number>(75).fill(1), ...new Array<number>(25).fill(0)],
      new Array<number>(100).fill(3),
      new Array<number>(100).fill(3),
    );
    expect(same.rate).toBeCloseTo(0.75, 3); // the ridge pulls by less than a thousandth
    expect(() => lengthControlledWinRate([1, 0], [1], [1])).toThrow();
  });
});
