// Row invariance in the device contract suite: where a device claims it, a row has the same bits alone, among many, prefilled and decoded.
import {
  attention,
  attentionCached,
  type Device,
  gated,
  type HeadOptions,
  KeyValueCache,
  layerNorm,
  linear,
  linearCrossEntropy,
  noGrad,
  rmsNorm,
  rope,
  ropeFrequencies,
  ropeTable,
  scope,
  silu,
  slice,
  softmax,
  tensor,
  type Tensor,
} from '@ingot/tensor';
import { expect, test, type TestContext } from 'vitest';
import { testNumbers } from './gradient-check.js';

/** Bits of the last `count` rows of a result. */
function lastRows(x: Tensor, count: number): number[] {
  const values = x.read();
  return [...values.subarray(values.length - (values.length / (x.shape[0] ?? 1)) * count)];
}

const heads: readonly { readonly length: number; readonly size: number; readonly options: HeadOptions }[] = [
  { length: 23, size: 8, options: { heads: 3 } },
  { length: 29, size: 5, options: { heads: 6, kvHeads: 2, softcap: 3 } },
  // Long enough that whole tiles of keys lie before the window.
  { length: 300, size: 5, options: { heads: 2, kvHeads: 1, window: 20 } },
  { length: 300, size: 6, options: { heads: 2, window: 130, softcap: 30 } },
];

/** Registers the tests, which skip on a device that does not claim row invariance. */
export function rowTests(open: () => Device): void {
  const claimed = (skip: TestContext['skip']): Device => {
    const device = open();
    if (!device.rowInvariant) skip(`${device.name} does not claim row invariance`);
    return device;
  };
  const random = (device: Device, seed: number, ...shape: number[]): Tensor =>
    tensor(device, testNumbers(shape, seed), shape);

  test('rows: a row has the same bits alone and among many', ({ skip }) => {
    const device = claimed(skip);
    noGrad(() =>
      scope(() => {
        const [T, C, V] = [23, 24, 67];
        const [x, w, b] = [random(device, 81, T, C), random(device, 82, 3 * C, C), random(device, 83, 3 * C)];
        const vocabulary = random(device, 84, V, C);
        const targets = tensor(
          device,
          Array.from({ length: T }, (_, i) => (i * 5) % V),
          [T],
          'i32',
        );
        const norms = [random(device, 85, C), random(device, 86, C)] as const;
        const table = ropeTable(device, ropeFrequencies({ headSize: 8, rotary: 6 }), { length: 1, start: 11 });
        const ops: Readonly<Record<string, (x: Tensor) => Tensor>> = {
          linear: (rows) => linear(rows, w, b, { gelu: 'erf' }),
          layerNorm: (rows) => layerNorm(rows, ...norms, 1e-5),
          rmsNorm: (rows) => rmsNorm(rows, norms[0], 1e-5, { offset: 1 }),
          softmax,
          silu,
          gated: (rows) => gated(rows, 'gelu-tanh'),
          rope: (rows) => rope(rows.reshape([-1, 1, C]), table, { heads: 3, rotated: 2 }),
        };
        for (const count of [1, 2, 5]) {
          const last = slice(x, [T - count, 0], [count, C]);
          for (const [name, op] of Object.entries(ops))
            expect([...op(last).read()], name).toEqual(lastRows(op(x), count));
          const lastTargets = slice(targets, [T - count], [count]);
          expect([...linearCrossEntropy(last, vocabulary, lastTargets).read()]).toEqual(
            lastRows(linearCrossEntropy(x, vocabulary, targets), count),
          );
        }
      }),
    );
  });

  test.for(heads)(
    'rows: prefilled and decoded, a row of attention has the same bits: $length, $options',
    (one, { skip }) => {
      const device = claimed(skip);
      const { length, size, options } = one;
      const kvHeads = options.kvHeads ?? options.heads;
      const width = (options.heads + 2 * kvHeads) * size;
      noGrad(() =>
        scope(() => {
          const qkv = random(device, 87, 1, length, width);
          const whole = [...attention(qkv, { ...options, causal: true }).read()];
          const cache = KeyValueCache.create(device, {
            layers: 1,
            slots: 2,
            capacity: length + 1,
            width: kvHeads * size,
          });
          const third = Math.floor(length / 3);
          const counts = [third, 1, 1, third, length - 2 - 2 * third];
          const pieces = counts.flatMap((count, i) => {
            const start = counts.slice(0, i).reduce((sum, n) => sum + n, 0);
            const y = attentionCached(slice(qkv, [0, start, 0], [1, count, width]), cache.view([1]), 0, options);
            cache.advance([1], count);
            return [...y.read()];
          });
          cache.dispose();
          expect(pieces).toEqual(whole);
        }),
      );
    },
  );
}
