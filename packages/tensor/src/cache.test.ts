// The key-value cache: the same rows as attention over the whole, in any pieces, ragged, and what is refused.
import { describe, expect, test } from 'vitest';
import {
  attention,
  attentionCached,
  concat,
  type Device,
  KeyValueCache,
  noGrad,
  Parameter,
  referenceDevice,
  scope,
  slice,
  tensor,
  type Tensor,
  uniform,
  withoutKernels,
} from './index.js';

const random = (device: Device, shape: readonly number[], seed: number): Tensor =>
  tensor(
    device,
    uniform(
      shape.reduce((a, b) => a * b, 1),
      [seed, 1],
    ).map((x) => 4 * x - 2),
    shape,
  );

describe.each([
  ['with kernels', referenceDevice, 0],
  ['without kernels', () => withoutKernels(referenceDevice()), 1e-6],
] as const)('%s', (_name, open, tolerance) => {
  const near = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
    expect(got.length).toBe(wanted.length);
    Array.from(got).forEach((x, i) => expect(Math.abs(x - (wanted[i] ?? NaN))).toBeLessThanOrEqual(tolerance));
  };

  test.each([
    [2, 2],
    [4, 2],
    [3, 1],
  ])('ragged sequences of %i heads on %i, fed in pieces, give the rows of the whole', (heads, kvHeads) => {
    const device = open();
    const width = (heads + 2 * kvHeads) * 3;
    const cache = KeyValueCache.create(device, { layers: 2, slots: 3, capacity: 11, width: kvHeads * 3 });
    noGrad(() =>
      scope(() => {
        const options = { heads, kvHeads };
        const [a, b] = [random(device, [1, 9, width], 1), random(device, [1, 6, width], 2)];
        const part = (x: Tensor, from: number, count: number): Tensor => slice(x, [0, from, 0], [1, count, width]);
        const wholeA = attention(a, { ...options, causal: true });
        const wholeB = attention(b, { ...options, causal: true });
        const rows = (x: Tensor, from: number, count: number): ArrayLike<number> =>
          slice(x, [0, from, 0], [1, count, heads * 3]).read();
        // Sequence a is in slot 2 and already 3 long when b starts in slot 0.
        near(attentionCached(part(a, 0, 3), cache.view([2]), 1, options).read(), rows(wholeA, 0, 3));
        cache.advance([2], 3);
        for (const [done, count] of [
          [0, 4],
          [4, 1],
          [5, 1],
        ] as const) {
          const y = attentionCached(
            concat([part(a, 3 + done, count), part(b, done, count)], 0),
            cache.view([2, 0]),
            1,
            options,
          );
          near(y.read(), [...Array.from(rows(wholeA, 3 + done, count)), ...Array.from(rows(wholeB, done, count))]);
          cache.advance([2, 0], count);
        }
        expect(cache.lengths).toEqual([6, 0, 9]);
        cache.reset(2);
        expect(cache.view([2, 0]).starts).toEqual([0, 6]);
        near(attentionCached(part(b, 0, 6), cache.view([2]), 1, options).read(), wholeB.read());
      }),
    );
    expect(cache.bytes).toBe(device.memory().bytes);
    expect(cache.bytes).toBe(2 * 2 * 3 * 11 * kvHeads * 3 * 4);
    cache.dispose();
    cache.dispose();
    expect(device.memory().arrays).toBe(0);
  });
});

test('a slot takes the first positions of another, of every layer, and goes its own way from there', () => {
  const device = referenceDevice();
  const cache = KeyValueCache.create(device, { layers: 2, slots: 3, capacity: 6, width: 4 });
  noGrad(() =>
    scope(() => {
      const [a, b] = [random(device, [1, 5, 12], 1), random(device, [1, 2, 12], 2)];
      const first = slice(a, [0, 0, 0], [1, 3, 12]);
      for (const layer of [0, 1]) attentionCached(a, cache.view([2]), layer, { heads: 2 });
      cache.advance([2], 5);
      cache.copy(2, 0, 3);
      expect(cache.lengths).toEqual([3, 0, 5]);
      const whole = attention(concat([first, b], 1), { heads: 2, causal: true });
      for (const layer of [0, 1])
        expect(attentionCached(b, cache.view([0]), layer, { heads: 2 }).read()).toEqual(
          slice(whole, [0, 3, 0], [1, 2, 4]).read(),
        );
      cache.copy(2, 2, 1);
      expect(cache.lengths).toEqual([3, 0, 1]);
      expect(() => cache.copy(1, 0, 1)).toThrow(/as many as slot 1 holds/);
      expect(() => cache.copy(1, 7, 0)).toThrow(/slot from 0 to 2/);
    }),
  );
  cache.dispose();
});

test('overflow, strange slots and layers, a wrong width and a recorded input are refused', () => {
  const device = referenceDevice();
  const cache = KeyValueCache.create(device, { layers: 1, slots: 2, capacity: 3, width: 2 });
  const qkv = tensor(device, new Float32Array(24), [1, 4, 6]);
  expect(() => attentionCached(qkv, cache.view([0]), 0, { heads: 1 })).toThrow(
    /at most 3 positions in a slot; got 0 \+ 4/,
  );
  expect(() => cache.advance([0], 4)).toThrow(/3 positions/);
  expect(() => cache.view([2])).toThrow(/slot from 0 to 1/);
  expect(() => cache.view([1, 1])).toThrow(/each slot once/);
  expect(() => attentionCached(slice(qkv, [0, 0, 0], [1, 1, 6]), cache.view([0]), 1, { heads: 1 })).toThrow(
    /layer from 0 to 0/,
  );
  expect(() => attentionCached(slice(qkv, [0, 0, 0], [1, 1, 3]), cache.view([0]), 0, { heads: 1 })).toThrow(
    /keys of 2; got 1/,
  );
  expect(() => attentionCached(slice(qkv, [0, 0, 0], [1, 1, 6]), cache.view([0, 1]), 0, { heads: 1 })).toThrow(
    /batch of 2; got 1/,
  );
  expect(() => attentionCached(new Parameter(device, 'p', [1, 1, 6]), cache.view([0]), 0, { heads: 1 })).toThrow(
    /noGrad/,
  );
  expect(() => KeyValueCache.create(device, { layers: 1, slots: 0, capacity: 3, width: 2 })).toThrow(/slots from 1/);
  cache.dispose();
  expect(() => cache.layer(0)).toThrow(/disposed/);
});
