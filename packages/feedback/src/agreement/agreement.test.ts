// Textbook values of every statistic of agreement.
import { describe, expect, it } from 'vitest';
import { cohenKappa } from './cohen-kappa.js';
import { kendallTau } from './kendall-tau.js';
import { krippendorffAlpha } from './krippendorff-alpha.js';
import { rawAgreement } from './raw-agreement.js';
import { swapConsistency } from './swap-consistency.js';

/** Two raters' words from a table of counts, rows the first's. */
const fromTable = (table: readonly (readonly number[])[]) => {
  const pairs = table.flatMap((row, a) => row.flatMap((count, b) => Array.from({ length: count }, () => [a, b])));
  return [pairs.map(([a]) => a!), pairs.map(([, b]) => b!)] as const;
};

describe('two raters', () => {
  // 50 grant proposals, two readers: both yes 20, both no 15, 5 and 10 apart. p_o = 0.7, p_e = 0.5 (the usual example of Cohen's κ)
  const grants = fromTable([
    [20, 5],
    [10, 15],
  ]);
  it('raw agreement and κ of the grant proposals', () => {
    expect(rawAgreement(...grants)).toBe(0.7);
    expect(cohenKappa(...grants)).toBeCloseTo(0.4, 12);
  });
  it('weighted κ: with two categories weights change nothing, with three near misses count for more', () => {
    expect(cohenKappa(...grants, { weights: 'quadratic' })).toBeCloseTo(0.4, 12);
    // by hand: D_o / D_e = (2/6) / (24/36), (12/36) / (28/36), (12/36) / (36/36)
    const ordered = [[0, 1, 2, 0, 1, 2] as const, [0, 1, 1, 1, 1, 2] as const] as const;
    const by = (weights: 'none' | 'linear' | 'quadratic') => cohenKappa(...ordered, { weights });
    expect(by('none')).toBeCloseTo(0.5, 12);
    expect(by('linear')).toBeCloseTo(0.5714285714285714, 12);
    expect(by('quadratic')).toBeCloseTo(0.6666666666666667, 12);
  });
  it('agrees always: 1; never: below 0; says one thing only: nothing to tell', () => {
    expect(cohenKappa(['a', 'b'], ['a', 'b'])).toBe(1);
    expect(cohenKappa(['a', 'b'], ['b', 'a'])).toBe(-1);
    expect(cohenKappa(['a', 'a'], ['a', 'a'])).toBeNaN();
    expect(rawAgreement([], [])).toBeNaN();
  });
  it('refuses lists of different lengths', () => {
    for (const of of [rawAgreement, cohenKappa, kendallTau])
      expect(() => of([1, 2], [1])).toThrow(/got 2 of the first rater and 1 of the second/);
  });
});

describe("Krippendorff's α", () => {
  // Krippendorff 2011, section C: four observers, twelve units, missing data; nominal 0.743, ordinal 0.815, interval 0.849
  const none = undefined;
  const observers = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, none, none, none],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, none, 3],
    [none, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, none],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, none],
  ];
  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
  ] as const)('%s', (scale, want) => expect(krippendorffAlpha(observers, scale)).toBeCloseTo(want, 3));
  it('perfect agreement is 1, and one rater tells nothing', () => {
    expect(
      krippendorffAlpha([
        [0, 1, 1],
        [0, 1, 1],
      ]),
    ).toBe(1);
    expect(krippendorffAlpha([[0, 1, 1]])).toBeNaN();
  });
});

describe("Kendall's τ", () => {
  it('with ties, as scipy.stats.kendalltau has it', () =>
    // the example of scipy's own documentation
    expect(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12));
  it('the same order, the reverse, and nothing but ties', () => {
    expect(kendallTau([1, 2, 3], [10, 20, 30])).toBe(1);
    expect(kendallTau([1, 2, 3], [3, 2, 1])).toBe(-1);
    expect(kendallTau([1, 2, 3], [7, 7, 7])).toBeNaN();
  });
});

describe('swap consistency', () => {
  it('counts verdicts that stay on their side', () => {
    const biased = { first: 0.9, second: 0.1 }; // whatever stands first is better
    const sound = { first: 0.9, second: 0.8 };
    const tie = { first: 0.5, second: 0.5 };
    expect(swapConsistency([biased, sound, tie, sound])).toBe(0.75);
    expect(swapConsistency([])).toBeNaN();
  });
});
