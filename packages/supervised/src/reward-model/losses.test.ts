// The reward model's losses: goldens 7.11, K-way rankings, finite differences; who beat whom.
import { referenceDevice, scope, sum, tensor } from '@ingot/tensor';
import { checkGradients } from '@ingot/testing';
import { describe, expect, test } from 'vitest';
import { bradleyTerry, rankedPairs, rankingLoss, type PairLossOptions } from './index.js';

const device = referenceDevice();
const loss = (options: PairLossOptions): number =>
  scope(() => bradleyTerry(tensor(device, [1.2], [1]), tensor(device, [0.3], [1]), options).item());
/** Rounding of fp32 near 1. */
const tolerance = 1e-6;

describe('bradleyTerry', () => {
  test.each([
    ['plain', {}, 0.341153875],
    ['with margin 0.5', { margins: [0.5] }, 0.513015252],
    ['with centring 0.01', { centring: 0.01 }, 0.363653875],
  ])('golden 7.11, %s', (_, options, wanted) => expect(Math.abs(loss(options) - wanted)).toBeLessThan(tolerance));
  test('is finite where a plain log of the sigmoid is not', () => {
    const far = scope(() => [
      ...bradleyTerry(tensor(device, [-400, 400], [2]), tensor(device, [400, -400], [2])).read(),
    ]);
    expect(far).toEqual([800, 0]);
  });
  test('its gradient is that of finite differences', () => {
    const margins = [0.5, 0, 1];
    for (const options of [{}, { margins }, { margins, centring: 0.1 }])
      checkGradients((winners, losers) => bradleyTerry(winners, losers, options), [{ shape: [3] }, { shape: [3] }], {
        device,
        tolerance: 1e-4,
      });
  });
});

const row = (...completions: { text: string; rank?: number; score?: number; label?: boolean }[]) => ({
  prompt: 'p',
  completions,
});
describe('rankings', () => {
  const texts = ['a', 'b', 'c', 'd'].map((text) => ({ text }));
  test('of two are Bradley and Terry; of K the mean over C(K, 2) pairs', () => {
    const scores = [0.9, -0.3, 1.4, 0.2];
    const of = (k: number): number =>
      scope(() => rankingLoss(tensor(device, scores.slice(0, k), [k]), rankedPairs(row(...texts.slice(0, k)))).item());
    const pair = (i: number, j: number): number => Math.log1p(Math.exp(scores[j]! - scores[i]!));
    expect(of(2)).toBeCloseTo(pair(0, 1), 6);
    const six = [pair(0, 1), pair(0, 2), pair(0, 3), pair(1, 2), pair(1, 3), pair(2, 3)];
    expect(of(4)).toBeCloseTo(six.reduce((a, b) => a + b) / 6, 6);
  });
  test('with a preference are the cross-entropy with it: 1 is the plain loss, a half is least where the scores are equal', () => {
    const of = (difference: number, preference: number): number =>
      scope(() => rankingLoss(tensor(device, [difference, 0], [2]), [{ winner: 0, loser: 1 }], { preference }).item());
    const logSigmoid = (x: number): number => -Math.log1p(Math.exp(-x));
    for (const [difference, p] of [
      [0.9, 0.8],
      [-1.3, 0.8],
      [2, 0.5],
      [0.4, 1],
    ] as const)
      expect(Math.abs(of(difference, p) + p * logSigmoid(difference) + (1 - p) * logSigmoid(-difference))).toBeLessThan(
        tolerance,
      );
    const least = Math.log(0.8 / 0.2);
    for (const away of [-0.3, 0.3]) expect(of(least + away, 0.8)).toBeGreaterThan(of(least, 0.8));
    checkGradients(
      (scores) => sum(rankingLoss(scores, [{ winner: 0, loser: 1 }], { preference: 0.7, centring: 0.05 })),
      [{ shape: [2] }],
      { device, tolerance: 1e-4 },
    );
  });
  test('have the gradient of finite differences', () => {
    const pairs = rankedPairs(row(...texts));
    checkGradients((scores) => sum(rankingLoss(scores, pairs, { margin: 0.3, centring: 0.05 })), [{ shape: [4] }], {
      device,
      tolerance: 1e-4,
    });
  });
  test('pairs: by rank, else score, else label, else order; ties make none', () => {
    expect(rankedPairs(row({ text: 'a', rank: 1 }, { text: 'b', rank: 0 }, { text: 'c', rank: 1 }))).toEqual([
      { winner: 1, loser: 0 },
      { winner: 1, loser: 2 },
    ]);
    expect(rankedPairs(row({ text: 'a', score: -1 }, { text: 'b', score: 2 }))).toEqual([{ winner: 1, loser: 0 }]);
    expect(rankedPairs(row({ text: 'a', label: false }, { text: 'b', label: true }))).toEqual([
      { winner: 1, loser: 0 },
    ]);
    expect(rankedPairs(row(...texts), 'best-worst')).toEqual([{ winner: 0, loser: 3 }]);
    expect(rankedPairs(row({ text: 'a', rank: 0 }, { text: 'b', rank: 0 }))).toEqual([]);
    expect(rankedPairs(row({ text: 'a' }))).toEqual([]);
  });
});
