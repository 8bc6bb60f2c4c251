// How the time is divided: all stages together keep to it, a faster machine gets more of everything, a slow one the least that can be learnt from.
import { expect, test } from 'vitest';
import { alignSteps, lengthsFor, lifeIn } from './budget.js';
import { SIZES, type Size } from './sizes.js';

const large = SIZES.find(({ name }) => name === 'large') as Size;
const tiny = SIZES.find(({ name }) => name === 'tiny') as Size;
/** A machine that trains so many tokens a second and samples a third as many. */
const at = (size: Size, tokensPerSecond: number) => ({
  millisecondsPerStep: (size.batch * size.context * 1000) / tokensPerSecond,
  millisecondsPerSampled: 3000 / tokensPerSecond,
});

test('pretraining gets what the rest does not need, and the whole is the time that was given', () => {
  for (const speed of [6000, 14_000, 100_000]) {
    const life = lifeIn(210, large, at(large, speed));
    expect(life.pretraining + life.after).toBeCloseTo(210, -1);
    expect(life.pretraining).toBeGreaterThan(0.54 * 210);
    expect((life.steps * large.batch * large.context) / speed).toBeLessThanOrEqual(life.pretraining);
  }
});
test('a faster machine never gets less, and a fast one all passages', () => {
  const lives = [2000, 4000, 8000, 16_000, 64_000, 1e6].map((speed) => lifeIn(210, large, at(large, speed)));
  for (const [i, life] of lives.slice(1).entries()) {
    expect(life.passages).toBeGreaterThanOrEqual(lives[i]!.passages);
    expect(life.steps).toBeGreaterThanOrEqual(lives[i]!.steps);
  }
  expect(lives.at(-1)?.passages).toBe(2200);
  expect(lives.at(-1)!.after).toBeLessThan(10);
});
test('sampling that is dear takes passages, and pretraining keeps its part', () => {
  const speeds = at(tiny, 20_000);
  const dear = lifeIn(210, tiny, { ...speeds, millisecondsPerSampled: 2 });
  expect(dear.passages).toBeLessThan(lifeIn(210, tiny, speeds).passages);
  expect(dear.pretraining).toBeCloseTo(0.55 * 210, 0);
});
test('however slow the machine, there are passages to learn from and a step', () => {
  const life = lifeIn(1, tiny, at(tiny, 10));
  expect(life.passages).toBe(400);
  expect(life.steps).toBe(1);
  expect(alignSteps(life.passages, 16)).toBe(21);
});
test('requests and answers fit in the context of every size', () => {
  for (const { context } of SIZES) {
    const { openingWords, responseWords, answerTokens, rowTokens } = lengthsFor(context);
    const longestOpening = 1.5 * openingWords * 2.4 + 12; // 2.4 tokens a word, 12 of ChatML
    expect(longestOpening + answerTokens).toBeLessThan(context);
    expect((openingWords + responseWords) * 2.4 + 12).toBeLessThan(context);
    expect(rowTokens).toBeLessThanOrEqual(context);
  }
});
