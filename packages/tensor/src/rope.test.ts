// Rotary positions: frequencies as transformers makes them, what a rotation must keep, and what is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  noGrad,
  referenceDevice,
  rope,
  ropeFrequencies,
  type RopeFrequencyOptions,
  ropeTable,
  scope,
  tensor,
  zeros,
} from './index.js';

const golden = JSON.parse(readFileSync(new URL('./fixtures/rope-frequencies.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly {
    readonly options: RopeFrequencyOptions;
    readonly factor: number;
    readonly radians: readonly number[];
  }[];
};
const device = referenceDevice();

describe('frequencies against transformers 5.23.0 (fixtures/rope-frequencies.py)', () => {
  test.each(golden.cases)('$options', ({ options, factor, radians }) => {
    const got = ropeFrequencies(options);
    expect(got.factor).toBeCloseTo(factor, 12);
    expect(got.radians).toHaveLength(radians.length);
    // transformers' are float32 throughout: some 1e-6 relative, from pow of a large base and from a ramp near its ends.
    got.radians.forEach((radian, i) =>
      expect(Math.abs(radian / (radians[i] ?? NaN) - 1), `pair ${i}`).toBeLessThan(4e-6),
    );
  });

  test('unscaled: θ^(−2i/R)', () => {
    expect(ropeFrequencies({ headSize: 4 })).toEqual({ radians: [1, 0.01], factor: 1 });
    expect(ropeFrequencies({ headSize: 9, rotary: 6, base: 8 }).radians).toEqual([1, 0.5, 0.25]);
  });
});

test('the product of a rotated query and key depends on their distance alone', () => {
  const [D, T] = [14, 40];
  const frequencies = ropeFrequencies({ headSize: D, base: 100 });
  for (const pairing of ['half', 'interleaved'] as const) {
    const turned = scope(() => {
      // Query and key are the same numbers at every position.
      const row = Array.from({ length: 2 * D }, (_, i) => Math.sin(1.7 * i + 0.3));
      const x = tensor(device, Array.from({ length: T }, () => row).flat(), [1, T, 2 * D]);
      return noGrad(() => rope(x, ropeTable(device, frequencies, { length: T }), { heads: 2, pairing }).read());
    });
    const product = (i: number, j: number): number => {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += (turned[i * 2 * D + d] ?? NaN) * (turned[j * 2 * D + D + d] ?? NaN);
      return sum;
    };
    // fp32 numbers near 1, fourteen products.
    for (const distance of [0, 1, 5, 17])
      for (let i = distance; i < T; i++)
        expect(Math.abs(product(i, i - distance) - product(distance, 0))).toBeLessThan(2e-6);
  }
});

test('a table row is its position, whether counted, started or given', () => {
  scope(() => {
    const frequencies = ropeFrequencies({ headSize: 6 });
    const counted = ropeTable(device, frequencies, { length: 9 });
    const bits = (from: number, count: number): number[] => [...counted.read().subarray(from * 6, (from + count) * 6)];
    expect(counted.shape).toEqual([1, 9, 6]);
    expect([...ropeTable(device, frequencies, { length: 4, start: 5 }).read()]).toEqual(bits(5, 4));
    const given = ropeTable(device, frequencies, tensor(device, [7, 2, 2, 8], [2, 2], 'i32'));
    expect(given.shape).toEqual([2, 2, 6]);
    expect([...given.read()]).toEqual([...bits(7, 1), ...bits(2, 1), ...bits(2, 1), ...bits(8, 1)]);
    expect(counted.read()[6 + 3]).toBe(Math.fround(Math.sin(1)));
  });
});

test('what does not fit is refused', () => {
  const options = (more: Partial<RopeFrequencyOptions>) => () => ropeFrequencies({ headSize: 8, ...more });
  expect(options({ rotary: 3 })).toThrow(/an even number of rotary dimensions from 2 to the head's 8; got 3/);
  expect(options({ rotary: 10 })).toThrow(/to the head's 8; got 10/);
  expect(options({ base: 0 })).toThrow(/wanted a base above 0; got 0/);
  expect(options({ scaling: { type: 'linear', factor: Number.NaN } })).toThrow(/wanted a factor above 0; got NaN/);
  expect(options({ rotary: 2, scaling: { type: 'ntk', factor: 2 } })).toThrow(/at least 4 rotary dimensions/);
  expect(options({ scaling: { type: 'llama3', factor: 8, low: 4, high: 4, trained: 8192 } })).toThrow(
    /a high above the low of 4; got 4/,
  );
  scope(() => {
    const table = ropeTable(device, ropeFrequencies({ headSize: 8 }), { length: 3 });
    expect(() => rope(zeros(device, [2, 3, 15]), table, { heads: 2 })).toThrow(/x \(B, T, heads·D\)/);
    expect(() => rope(zeros(device, [2, 3, 16]), table, { heads: 2, rotated: 3 })).toThrow(/3 of 2 heads rotated/);
    expect(() => rope(zeros(device, [2, 4, 16]), table, { heads: 2 })).toThrow(
      /a table \(1 or 2, 4, R\).*got \(1, 3, 8\)/,
    );
    expect(() => rope(zeros(device, [2, 3, 12]), table, { heads: 2 })).toThrow(/an even R up to the head's 6/);
    expect(() => ropeTable(device, ropeFrequencies({ headSize: 8 }), zeros(device, [3], 'i32'))).toThrow(
      /positions \(B, T\); got \(3\)/,
    );
    expect(() => ropeTable(device, ropeFrequencies({ headSize: 8 }), { length: 0 })).toThrow(/whole numbers from 1/);
  });
});
