// Scores of given text: they are a distribution, and windows score each token once.
import { referenceDevice } from '@ingot/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { logProbabilities, readerOf, scoreTexts, windows } from './log-probabilities.js';
import { context, promptOf, tinyModel, vocabSize } from './tiny-model.fixture.js';

const model = tinyModel(referenceDevice());
afterAll(() => model.parameters.dispose());
const bits = (numbers: Float32Array): number[] => [...new Uint32Array(Float32Array.from(numbers).buffer)];

describe('logProbabilities', () => {
  it('of all continuations sum to 1', () => {
    const past = promptOf(6);
    let sum = 0;
    for (let id = 0; id < vocabSize; id++) sum += Math.exp(logProbabilities(model, [...past, id]).at(-1)!);
    expect(sum).toBeCloseTo(1, 5); // 13 numbers of single precision
  });
  it('does not see what comes later', () => {
    const ids = promptOf(12);
    const whole = logProbabilities(model, ids);
    expect(whole).toHaveLength(11);
    for (let n = 2; n < 12; n++)
      expect(bits(logProbabilities(model, ids.slice(0, n)))).toEqual(bits(whole.subarray(0, n - 1)));
  });
  it.each([
    {},
    { batch: 1 },
    { batch: 3 },
    { stride: 5 },
    { stride: 1, batch: 4 },
    { window: 7 },
    { window: 7, stride: 3, batch: 5 },
    { window: 1 },
  ])('over windows equals each window alone, bit for bit: %o', (how) => {
    const ids = promptOf(3 * context + 5);
    const got = logProbabilities(model, ids, how);
    expect(got).toHaveLength(ids.length - 1);
    const { window = context, stride = window } = how as { window?: number; stride?: number };
    const want = windows(ids.length, window, stride).flatMap(({ begin, length, skip }) => [
      ...logProbabilities(model, ids.slice(begin, begin + length + 1)).subarray(skip),
    ]);
    expect(bits(got)).toEqual(bits(Float32Array.from(want)));
    for (const { skip } of windows(ids.length, window, stride).slice(1)) expect(skip).toBe(window - stride);
  });
  it.each([1, 2, 3, 100])('of several texts in calls of %i windows are those of each alone, bit for bit', (batch) => {
    const texts = [7, 1, 40, 2, 24, 25, 0, 63].map((length, which) => promptOf(length, which));
    const got = texts.map(({ length }) => new Float32Array(Math.max(0, length - 1)).fill(NaN));
    for (const { text, start, logProbabilities: piece } of scoreTexts(model, texts.map(readerOf), {
      stride: 10,
      batch,
    }))
      got[text]!.set(piece, start - 1);
    expect(got.map(bits)).toEqual(texts.map((text) => bits(logProbabilities(model, text, { stride: 10, batch: 1 }))));
  });
  it('of one token or none are none', () => {
    expect(logProbabilities(model, [])).toHaveLength(0);
    expect(logProbabilities(model, [3])).toHaveLength(0);
  });
  it('leave nothing on the device', () => {
    const before = model.device.memory().arrays;
    logProbabilities(model, promptOf(60), { stride: 9 });
    const half = scoreTexts(model, [readerOf(promptOf(60))]);
    half.next();
    half.return();
    expect(model.device.memory().arrays).toBe(before);
  });
  it.each([
    [{ window: context + 1 }, /window: wanted a whole number from 1 to 24, got 25/],
    [{ stride: 0 }, /stride/],
    [{ window: 4, stride: 5 }, /stride: wanted a whole number from 1 to 4/],
  ])('refuses %o', (how, message) => {
    expect(() => logProbabilities(model, promptOf(5), how)).toThrow(message);
  });
  it('refuses ids outside of the vocabulary', () => {
    expect(() => logProbabilities(model, [1, 2, vocabSize])).toThrow(/wanted an id from 0 to 12, got 13/);
  });
});
