// Numbers, bars and curves as text.
import { expect, test } from 'vitest';
import { bytes, duration, flops, short } from './format.js';
import { headline } from './plain.js';
import { bar, buckets, sparkline } from './sparkline.js';
import { renderTable } from './table.js';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [123_456_789, '123 MB'],
  [5.4e12, '5.4 TB'],
])('bytes %d', (count, text) => {
  expect(bytes(count)).toBe(text);
});
test.each([
  [0, '0.0 s'],
  [400, '0.4 s'],
  [9949, '9.9 s'],
  [9951, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_620_000, '2 h 07 min'],
])('duration %d ms', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
test.each([
  [5, '5'],
  [9999, '9999'],
  [12_345, '12.3K'],
  [1_234_567, '1.23M'],
  [0.00012, '1.2e-4'],
  [2.34567, '2.346'],
  [123.4, '123'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('short %d', (value, text) => {
  expect(short(value)).toBe(text);
});
test('flops', () => {
  expect(flops(1.5e12)).toBe('1.50 TFLOP');
  expect(flops(12)).toBe('12 FLOP');
});
test('a sparkline falls with its values, ignores NaN, and a flat one lies low', () => {
  expect(sparkline([7, 6, 5, 4, 3, 2, 1, 0], 8)).toBe('█▇▆▅▄▃▂▁');
  expect(sparkline([1, NaN, 1], 8)).toBe('▁▁');
  expect(sparkline([], 8)).toBe('');
  expect(
    sparkline(
      Array.from({ length: 1000 }, (_, i) => -i),
      20,
    ),
  ).toHaveLength(20);
  expect(buckets([1, 2, 3, 4], 2)).toEqual([1.5, 3.5]);
});
test('a bar is as wide as asked at any fraction', () => {
  for (const fraction of [-1, 0, 0.01, 0.5, 0.999, 1, 2]) expect([...bar(fraction, 10)]).toHaveLength(10);
  expect(bar(0.5, 4)).toBe('██  ');
  expect(bar(0.53125, 4)).toBe('██▏ ');
});
test('a table: heads, numbers on the right, cells that are missing', () => {
  expect(renderTable([{ name: 'gzip', bits: 3.25 }, { name: 'a', bits: 12 }, { name: 'b' }], false)).toBe(
    'name   bits\ngzip  3.250\na        12\nb',
  );
  expect(renderTable([], false)).toBe('');
});
test('a headline names what it knows, and something of what it does not', () => {
  expect(
    headline({ lr: 0.001, loss: 2.5, validationLoss: 2.6, tokensPerSecond: 12_345, etaSeconds: 3, madeUp: 3 }),
  ).toBe('loss 2.500 · 12.3K tokens/s · learning rate 0.001000');
  expect(headline({ madeUp: 3, other: 1, third: 2 })).toBe('made up 3 · other 1');
});
