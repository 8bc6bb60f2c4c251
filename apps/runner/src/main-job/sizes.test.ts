// The rule that chooses the main job's size.
import { expect, test } from 'vitest';
import { best, bodyParameters, expectedLoss, lossOf, SIZES, stepsIn, type Choice } from './sizes.js';

/** A machine of so many FLOP/s in training, 6·N·D. */
const on = (flopsPerSecond: number, seconds = 120): Choice =>
  best(
    SIZES.map((size) => {
      const millisecondsPerStep =
        (6 * (bodyParameters(size) + 1024 * size.width) * size.batch * size.context * 1000) / flopsPerSecond;
      return { size, millisecondsPerStep, steps: stepsIn(seconds, millisecondsPerStep) };
    }),
  );

test('the law of Hoffmann et al.: their Chinchilla (70 B parameters, 1.4 T tokens) is expected at 1.94', () => {
  expect(expectedLoss(70e9, 1.4e12)).toBeCloseTo(1.69 + 406.4 / 70e9 ** 0.34 + 410.7 / 1.4e12 ** 0.28, 12);
  expect(expectedLoss(70e9, 1.4e12)).toBeCloseTo(1.936, 2);
});
test('a faster machine never gets a smaller model, and both ends of the list are reached', () => {
  const chosen = [1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13].map((speed) => SIZES.indexOf(on(speed).size));
  expect(chosen).toEqual([...chosen].toSorted((a, b) => a - b));
  expect(chosen[0]).toBe(0);
  expect(chosen.at(-1)).toBe(SIZES.length - 1);
});
test('steps fit in the time, in tens, between 1 and 6,000', () => {
  expect(stepsIn(120, 100)).toBe(1200);
  expect(stepsIn(120, 99)).toBe(1210);
  expect(stepsIn(1, 2000)).toBe(1);
  expect(stepsIn(10, 2000)).toBe(5);
  expect(stepsIn(120, 1)).toBe(6000);
});
test('more time never means a higher expected loss', () => {
  expect(lossOf(on(1e10, 240))).toBeLessThan(lossOf(on(1e10, 60)));
  expect(() => best([])).toThrow(RangeError);
});
