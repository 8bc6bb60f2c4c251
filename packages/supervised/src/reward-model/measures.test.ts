// Calibration by hand, and a planted length bias that is recovered.
import { expect, test } from 'vitest';
import { accuracyOf, calibration, lengthBias, lengthSentence, measurePairs, type ScoredPair } from './index.js';

test('accuracy counts ties as a half', () => expect(accuracyOf([1, -1, 0, 2])).toBe(2.5 / 4));

test('measures of pairs', () => {
  const pair = (winner: number, loser: number): ScoredPair => ({ winner, loser, winnerLength: 1, loserLength: 1 });
  expect(measurePairs([pair(1.2, 0.3), pair(-1, 1)])).toEqual({
    accuracy: 0.5,
    validationLoss: expect.closeTo((0.341153875 + Math.log1p(Math.exp(2))) / 2, 8),
    margin: expect.closeTo((0.9 - 2) / 2, 12),
    leastScore: -1,
    meanScore: 0.375,
    largestScore: 1.2,
  });
});

test('calibration: what says 75% and is right in 3 of 4 is calibrated', () => {
  const sure = Math.log(3); // sigmoid = 3/4
  const { bins, error } = calibration([sure, sure, sure, -sure], 5);
  expect(bins).toEqual([
    {
      from: expect.closeTo(0.7, 12),
      to: expect.closeTo(0.8, 12),
      pairs: 4,
      confidence: expect.closeTo(0.75, 12),
      accuracy: 0.75,
    },
  ]);
  expect(error).toBeLessThan(1e-12);
  // Half of the pairs 90% sure and always right, half undecided and right half of the time: error = ½·0.1.
  const ninety = Math.log(9);
  expect(calibration([ninety, ninety, 0, 0], 10).error).toBeCloseTo(0.05, 12);
  expect(calibration([1000], 10).bins).toMatchObject([{ from: 0.95, confidence: 1, accuracy: 1 }]);
});

const drawn = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32 - 0.5;
};
/** margin = perToken·Δlength + quality·noise over lengths drawn anew. */
function planted(perToken: number, quality: number): ScoredPair[] {
  const next = drawn(5);
  return Array.from({ length: 400 }, () => {
    const [winnerLength, loserLength] = [Math.round(40 + 40 * next()), Math.round(40 + 40 * next())];
    return { winner: perToken * (winnerLength - loserLength) + quality * next(), loser: 0, winnerLength, loserLength };
  });
}
test('a planted bias is recovered, beside a quality that is not length', () => {
  const bias = lengthBias(planted(0.05, 1));
  expect(bias.perToken).toBeCloseTo(0.05, 2);
  // Σ(0.05·Δ)² is 0.0025 · 2 · 1600/12 a pair, against Σ noise² of 1/12.
  const length = (0.0025 * 2 * 1600) / 12;
  expect(Math.abs(bias.share - length / (length + 1 / 12))).toBeLessThan(0.03);
});
test('a reward that is only length, straight or with diminishing returns, and one that ignores it', () => {
  const only = lengthBias(planted(0.05, 0));
  expect(only.share).toBeGreaterThan(0.999999);
  expect(lengthSentence(only)).toMatch(/^Length could account for 100% of the margins \(\+0\.050 a token\)/);
  const diminishing = planted(0, 0).map((pair) => ({
    ...pair,
    winner: 3 * Math.log(pair.winnerLength),
    loser: 3 * Math.log(pair.loserLength),
  }));
  expect(lengthBias(diminishing).share).toBeGreaterThan(0.999999);
  expect(lengthBias(planted(0, 1)).share).toBeLessThan(0.02);
});
test('without a difference in length, nothing is length', () => {
  const equal = { winner: 1, loser: 0, winnerLength: 5, loserLength: 5 };
  expect(lengthBias([equal, equal])).toEqual({ perToken: 0, share: 0, controlledAccuracy: 1, longerAccuracy: 0.5 });
  // One difference alone makes both columns one line.
  expect(lengthBias([{ ...equal, winnerLength: 10 }])).toMatchObject({ perToken: 0.2, share: 1 });
});
