// Optima, losses and FLOPs against worked values; the closed form against a search; the course page against itself.
import { describe, expect, it, test } from 'vitest';
import {
  closedFormOptimum,
  comparePage,
  lossConstants,
  numericOptimum,
  PAGE_DISAGREES,
  predictLoss,
  ruleOfTwenty,
  tokenFlops,
  trainingCompute,
  type LossConstantsName,
} from './index.js';

/** Equal in all digits that the table prints. */
const near = (got: number, wanted: number, digits: number): void =>
  expect(Math.abs(got / wanted - 1), `${got} is not ${wanted}`).toBeLessThan(10 ** (1 - digits));

describe('optima', () => {
  it.each([
    [1e20, 9.128709e8, 1.825742e10],
    [1e21, 2.886751e9, 5.773503e10],
    [1e24, 9.128709e10, 1.825742e12],
    [5.76e23, 6.9282e10, 1.3856e12],
  ])('rule of twenty at %d', (flops, parameters, tokens) => {
    const got = ruleOfTwenty(flops);
    near(got.parameters, parameters, 5);
    near(got.tokens, tokens, 5);
    expect(got.tokensPerParameter).toBeCloseTo(20, 12);
    near(trainingCompute(got.parameters, got.tokens), flops, 14);
  });
  it.each([
    ['rounded', 1e20, 6.4486e8, 2.5846e10, 40.08],
    ['rounded', 1e22, 5.1605e9, 3.2297e11, 62.58],
    ['rounded', 1e24, 4.1297e10, 4.0358e12, 97.73],
    ['rounded', 5.76e23, 3.219e10, 2.9823e12, 92.65],
    ['unrounded', 1e20, 7.7487e8, 2.1509e10, 27.76],
    ['unrounded', 1e24, 5.192e10, 3.2101e12, 61.83],
    ['unrounded', 5.76e23, 4.0361e10, 2.3785e12, 58.93],
    ['epoch', 1e20, 8.5455e8, 1.9504e10, 22.82],
    ['epoch', 1e23, 2.9489e10, 5.6519e11, 19.17],
    ['epoch', 5.76e23, 7.2356e10, 1.3268e12, 18.34],
  ] as const)('closed form, %s constants, at %d', (name, flops, parameters, tokens, ratio) => {
    const got = closedFormOptimum(flops, lossConstants[name]);
    near(got.parameters, parameters, 4.3); // the last printed digit may be rounded up
    near(got.tokens, tokens, 4.3);
    near(got.tokensPerParameter, ratio, 3.9);
  });
  it.each(Object.keys(lossConstants) as LossConstantsName[])(
    'closed form is the numeric minimum to 1e-6: %s',
    (name) => {
      const constants = lossConstants[name];
      for (const flops of [1e17, 1e20, 1e23, 1e26]) {
        // without the constant E, which only hides digits
        const found = numericOptimum(flops, (n, d) => predictLoss(n, d, { ...constants, E: 0 }));
        expect(Math.abs(found.parameters / closedFormOptimum(flops, constants).parameters - 1)).toBeLessThan(1e-6);
      }
    },
  );
});

describe('losses', () => {
  it.each([
    [125e6, 10e9, 3.058717, 3.010581, 3.003747],
    [175e9, 300e9, 2.002288, 2.007999, 1.976448],
    [70e9, 1.4e12, 1.936645, 1.973405, 1.920846],
    [8e9, 15e12, 1.948532, 2.021622, 1.943621],
    [70e9, 15e12, 1.857476, 1.929858, 1.85098],
  ])('of %d parameters on %d tokens', (n, d, rounded, epoch, unrounded) => {
    expect(predictLoss(n, d)).toBeCloseTo(rounded, 6);
    expect(predictLoss(n, d, lossConstants.epoch)).toBeCloseTo(epoch, 6);
    expect(predictLoss(n, d, lossConstants.unrounded)).toBeCloseTo(unrounded, 6);
  });
});

test('FLOPs of a token of GPT-2 at 1024 positions, by each form', () => {
  // nanoGPT: N without positions, 12 layers, 12 heads of 64
  const flops = tokenFlops({ parameters: 123_653_376, layers: 12, width: 768, length: 1024 });
  const attention = 12 * 768 * 1024;
  expect(flops).toEqual({
    forward: 2 * 123_653_376 + 4 * attention,
    training: 855_166_464,
    trainingCausal: 855_166_464 - 6 * attention,
    trainingRecomputed: 855_166_464 + 2 * 123_653_376 + 4 * attention,
    kaplan: 3 * (2 * 123_653_376 + 2 * attention),
    simple: 741_920_256,
  });
});

test('the page’s table and its formula disagree, and the sentence says by how much', () => {
  const rows = comparePage();
  for (const { row, formula, spends } of rows) {
    expect(row.tokens / row.parameters).toBeCloseTo(20, 9);
    near(trainingCompute(formula.parameters, formula.tokens), row.flops, 14);
    expect(Math.abs(spends / row.flops - 1)).toBeGreaterThan(0.4);
    expect(PAGE_DISAGREES).toContain(spends.toExponential(2).replace('+', ''));
  }
  expect(rows).toHaveLength(5);
});

test.each([0, -1, NaN, Infinity])('refuses a budget of %s', (flops) => {
  for (const law of [ruleOfTwenty, closedFormOptimum, numericOptimum])
    expect(() => law(flops)).toThrow(/'flops' should be a number above 0/);
  expect(() => predictLoss(flops, 1)).toThrow(/'parameters'/);
});
