// The numbers of goldens 7.12, computed by hand with the formulas: advantages, KL estimators, group rewards, the four corners of the clip, and the adaptive controller's trace.
import { referenceDevice, scope, tensor } from '@ingot/tensor';
import { describe, expect, test } from 'vitest';
import {
  approximateKl,
  bestOfKl,
  correlate,
  explainedVariance,
  generalisedAdvantages,
  groupAdvantages,
  klEstimates,
  leaveOneOut,
  nextBeta,
  penaliseUnended,
  policyLoss,
  policyLosses,
  shapedRewards,
  whiten,
} from './index.js';

const device = referenceDevice();
const near = (got: ArrayLike<number>, wanted: readonly number[], digits = 7): void => {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((x, i) => expect(got[i]).toBeCloseTo(x, digits));
};

test('generalised advantages, returns, whitened', () => {
  const { advantages, returns } = generalisedAdvantages([-0.02, -0.01, 0.03, 1], [0.5, 0.4, 0.6, 0.8], [4], {
    gamma: 1,
    lambda: 0.95,
  });
  near(advantages, [0.43955, 0.589, 0.42, 0.2], 12);
  near(returns, [0.93955, 0.989, 1.02, 1], 12);
  near(whiten(advantages), [0.170999, 1.1032669, 0.0490462, -1.3233121], 6);
  const mean = (0.43955 + 0.589 + 0.42 + 0.2) / 4;
  near(
    whiten(advantages, { shiftMean: false }),
    [0.170999, 1.1032669, 0.0490462, -1.3233121].map((x) => x + mean),
    6,
  );
  near(whiten([3]), [0]);
});
test('two answers do not see each other', () => {
  const how = { gamma: 0.9, lambda: 0.8 };
  const both = generalisedAdvantages([1, 2, 3], [4, 5, 6], [2, 1], how);
  near(
    both.advantages,
    [
      ...generalisedAdvantages([1, 2], [4, 5], [2], how).advantages,
      ...generalisedAdvantages([3], [6], [1], how).advantages,
    ],
    12,
  );
});
test('KL estimators', () => {
  for (const [estimator, wanted] of [
    ['k1', [0.3, -0.5]],
    ['k2', [0.045, 0.125]],
    ['k3', [0.04081822, 0.14872127]],
  ] as const)
    near(klEstimates([-1, -2], [-1.3, -1.5], estimator), wanted, 8);
});
test('the score lands on the last token, which is the end; a missing end costs', () => {
  near(shapedRewards([0.5, 1, 2], [10, 20], [2, 1], 0.1), [-0.05, 9.9, 19.8], 12);
  near(penaliseUnended([1, 2], [true, false], 3), [1, -1]);
  near(penaliseUnended([1, 2], [true, false], undefined), [1, 2]);
});
test('rewards of a group', () => {
  const rewards = [1, 0, 0, 1];
  const signs = [1, -1, -1, 1];
  near(
    groupAdvantages(rewards, { group: 4, scale: 'group' }),
    signs.map((s) => s * 0.8658754),
  );
  near(
    groupAdvantages(rewards, { group: 4, scale: 'none' }),
    signs.map((s) => s * 0.5),
    12,
  );
  near(
    leaveOneOut(rewards, { group: 4 }),
    signs.map((s) => (s * 2) / 3),
    12,
  );
  // The population of the same numbers: its mean is weighted, and an answer is no part of it.
  const weights = [0.1, 0.2, 0.3, 0.4];
  near(leaveOneOut(rewards, { group: 4, weights }), [0.5, -0.5, -0.5, 0.5], 12);
  near(groupAdvantages([2, 1], { group: 2, scale: 'group', weights: [0.75, 0.25] }), [
    0.25 / (Math.sqrt(3 / 16) + 1e-4),
    -0.75 / (Math.sqrt(3 / 16) + 1e-4),
  ]);
  expect(() => groupAdvantages([1, 2, 3], { group: 2, scale: 'none' })).toThrow(
    '3 rewards do not fall into groups of 2',
  );
  expect(() => leaveOneOut([1, 2], { group: 1 })).toThrow('Give at least 2 generations');
  near(groupAdvantages([1, 1], { group: 2, scale: 'group' }), [0, 0]);
});
test.each([
  [1.3, 1, -1.2],
  [1.3, -1, 1.3],
  [0.7, 1, -0.7],
  [0.7, -1, 0.8],
])('the clip: ratio %f, advantage %f -> %f', (ratio, advantage, wanted) =>
  scope(() => {
    const policy = tensor(device, [-2], [1]);
    const batch = { policy, old: [-2 - Math.log(ratio)], advantages: [advantage], lengths: [1] };
    const { sum, weight, stats } = policyLoss(batch, policyLosses.grpo);
    expect(sum.item() / weight).toBeCloseTo(wanted, 6);
    expect(stats).toMatchObject({
      'clip/low': ratio < 0.8 && advantage < 0 ? 1 : 0,
      'clip/high': ratio > 1.2 && advantage > 0 ? 1 : 0,
    });
  }),
);
test('the adaptive controller: limited to a fifth, by the share of the horizon', () => {
  const how = { target: 6, horizon: 10000 };
  let beta = 0.2;
  const trace = [12, 6.6, 6, 0].map((kl) => (beta = nextBeta(beta, kl, 256, how)));
  near(trace, [0.201024, 0.20153862, 0.20153862, 0.20050674], 7);
});
describe('diagnostics', () => {
  test('explained variance, approximate KL, correlation, best of n', () => {
    expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(explainedVariance([1, 2, 3], [5, 5, 5])).toBe(0);
    expect(explainedVariance([1, 2, 3], [3, 2, 1])).toBeCloseTo(-3, 12);
    expect(explainedVariance([2, 2], [1, 3])).toBe(0);
    expect(approximateKl([-1, -2], [-1.5, -2.5])).toBeCloseTo(0.125, 12);
    expect(correlate([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlate([1, 2], [3, 3])).toBe(0);
    expect(bestOfKl(4)).toBeCloseTo(Math.log(4) - 0.75, 12);
  });
  test('KL of the best of n is the bound where nothing ties', () => {
    // Best of n among m equally likely answers: P(rank k) = ((k + 1)/m)^n − (k/m)^n; its KL goes to the bound as m grows.
    const [n, m] = [3, 20_000];
    const kl = Array.from({ length: m }, (_, k) => ((k + 1) / m) ** n - (k / m) ** n).reduce(
      (sum, p) => sum + p * Math.log(p * m),
      0,
    );
    expect(kl).toBeCloseTo(bestOfKl(n), 4);
  });
});
