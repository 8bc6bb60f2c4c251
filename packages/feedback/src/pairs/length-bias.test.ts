// The length tripwire: finds a reward that is length, leaves one that is not, and does not judge by a handful of samples.
import { randomFrom } from '@ingot/testing';
import { describe, expect, it } from 'vitest';
import { addToBias, freshBias, lengthAlarm, lengthCorrelation, type Measured } from './length-bias.js';
import { rowOf } from './rank.js';

const random = randomFrom(7);
/** Samples of `prompts` prompts, 4 each, of random lengths; `score` sees the length and a number of its own for each prompt. */
const sums = (prompts: number, score: (length: number, prompt: number) => number) => {
  const bias = freshBias();
  for (let prompt = 0; prompt < prompts; prompt++) {
    const samples = Array.from({ length: 4 }, (): Measured => {
      const length = 1 + Math.floor(40 * random());
      return { text: 'ab '.repeat(length), tokens: 2 * length, score: score(length, prompt) };
    });
    addToBias(bias, samples);
  }
  return bias;
};

describe('the length tripwire', () => {
  it.each([
    ['length itself', (length: number) => length, 'longer', 1],
    ['shortness', (length: number) => -3 * length, 'shorter', -1],
    ['length, whatever each prompt adds', (length: number, prompt: number) => length + 1000 * prompt, 'longer', 1],
    ['length with some noise', (length: number) => length + 6 * random(), 'longer', 0.98],
  ] as const)('%s is found and named', (_, score, direction, r) => {
    const found = sums(30, score);
    expect(lengthCorrelation(found)?.r).toBeCloseTo(r, 1);
    expect(lengthAlarm(found)).toMatch(new RegExp(`little but length.*write ${direction} and nothing else.*simpo`));
  });
  it('a reward of its own is left in peace, also one that goes with length a little', () => {
    expect(lengthAlarm(sums(30, () => random()))).toBeUndefined();
    const mixed = sums(60, (length) => length / 40 + random());
    expect(Math.abs(lengthCorrelation(mixed)?.r ?? 0)).toBeGreaterThan(0.5);
    expect(lengthAlarm(mixed)).toBeUndefined();
  });
  it('is silent after too few samples, and where nothing differs', () => {
    expect(lengthAlarm(sums(5, (length) => length))).toBeUndefined();
    expect(lengthCorrelation(sums(30, () => 1))).toBeUndefined();
    expect(lengthCorrelation(freshBias())).toBeUndefined();
  });
});

describe('rowOf', () => {
  const of = (...scores: number[]) => scores.map((score, at) => ({ text: `t${at}`, tokens: 1, score }));
  const pair = { keep: 'best-worst', margin: 0 } as const;
  it('keeps best and worst with scores and margin', () =>
    expect(rowOf('p', of(3, 2, -1), pair)).toEqual({
      prompt: 'p',
      completions: [
        { text: 't0', rank: 0, score: 3, label: true },
        { text: 't2', rank: 1, score: -1, label: false },
      ],
      margin: 4,
    }));
  it('keeps all, equal ones with equal ranks', () =>
    expect(rowOf('p', of(3, 2, 2, 1), { keep: 'all', margin: 0 })?.completions.map(({ rank }) => rank)).toEqual([
      0, 1, 1, 3,
    ]));
  it('ties and small margins have no row', () => {
    expect(rowOf('p', of(1, 1), pair)).toBeUndefined();
    expect(rowOf('p', of(1), pair)).toBeUndefined();
    expect(rowOf('p', of(1, 0.5), { ...pair, margin: 0.6 })).toBeUndefined();
    expect(rowOf('p', of(1, 0.5), { ...pair, margin: 0.5 })).toBeDefined();
  });
});
