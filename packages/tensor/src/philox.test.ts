// Philox against Random123's published vectors (kat_vectors, philox 4x32 10), and the numbers made of it.
import { expect, test } from 'vitest';
import {
  normal,
  philox4x32,
  type PhiloxBlock,
  type PhiloxKey,
  referenceDevice,
  TensorError,
  uniform,
} from './index.js';

const published: readonly (readonly [PhiloxBlock, PhiloxKey, string])[] = [
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
];

test.each(published)('counter %s under key %s', (counter, key, words) => {
  expect(
    philox4x32(counter, key)
      .map((word) => word.toString(16).padStart(8, '0'))
      .join(' '),
  ).toBe(words);
});

test('uniform numbers are the top 24 bits of the words, in order', () => {
  expect([...uniform(5, [0, 0])]).toEqual([
    ...[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8].map((w) => (w >>> 8) / 2 ** 24),
    uniform(1, [0, 0], 1)[0],
  ]);
});

test('the same numbers come in one piece, in several, and on a device, across the 32-bit border of the counter', () => {
  const start = 2 ** 32 - 2;
  const whole = [...uniform(16, [3, 4], start)];
  expect([0, 1, 2, 3].flatMap((block) => [...uniform(4, [3, 4], start + block)])).toEqual(whole);
  const device = referenceDevice();
  expect([...device.download(device.uniform(16, [3, 4], start))]).toEqual(whole);
  expect(new Set(whole).size).toBe(16);
});

test('normal numbers are finite with the right moments, and odd lengths are prefixes', () => {
  const n = 100_000;
  const numbers = normal(n, [1, 2], 7);
  const moment = (power: number): number => numbers.reduce((sum, x) => sum + x ** power, 0) / n;
  // Four standard errors: 1/√n, √2/√n, √96/√n.
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(n));
  expect(numbers.every(Number.isFinite)).toBe(true);
  expect([...normal(7, [1, 2], 7)]).toEqual([...numbers.subarray(0, 7)]);
});

test('a counter that is not whole is refused', () => {
  expect(() => uniform(4, [0, 0], 0.5)).toThrow(TensorError);
});
