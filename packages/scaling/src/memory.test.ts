// Bytes of weights, trainings and caches against worked values.
import { expect, test } from 'vitest';
import { adapterBytes, cacheBytes, trainingBytes, type WeightScheme, weightBytes } from './index.js';

test.each([
  ['f32', 280],
  ['f16', 140],
  ['int8', 70],
  ['int4', 35],
  ['2-bit', 17.5],
  ['q8_0', 74.375],
  ['q6_k', 57.42],
  ['q5_k', 48.125],
  ['q4_k', 39.375],
  ['nf4', 39.375],
  ['q3_k', 30.08],
  ['q2_k', 22.97],
  ['nf4-double', 36.11],
  ['gptq-4-g128', 36.37],
] as const satisfies readonly (readonly [WeightScheme, number])[])('70B weights as %s: %d GB', (scheme, gigabytes) => {
  expect(weightBytes(70e9, scheme) / 1e9).toBeCloseTo(gigabytes, 2);
});

test('Adam in mixed precision takes 16 bytes a parameter', () => {
  expect([7e9, 70e9].map((n) => trainingBytes(n) / 1e9)).toEqual([112, 1120]);
  expect(trainingBytes(1e6, 'sgd-f32')).toBe(8e6);
});
test('an adapter costs its base as stored and its own training', () => {
  expect(adapterBytes(7e9, 40e6, 'f16')).toBe(14e9 + 640e6);
  expect(adapterBytes(7e9, 40e6, 'nf4')).toBe(3.9375e9 + 640e6);
  expect(() => adapterBytes(1, 2)).toThrow(/larger than its model/);
});

const GiB = 2 ** 30;
test.each([
  ['Llama-2-7B', 32, 32, 128, 4096, 524_288, 2],
  ['Llama-3-70B', 80, 8, 128, 131_072, 327_680, 40],
  ['Llama-3-8B', 32, 8, 128, 32_768, 131_072, 4],
  ['GPT-2', 12, 12, 64, 1024, 36_864, 36 / 1024],
  ['GPT-2 XL', 48, 25, 64, 1024, 307_200, 300 / 1024],
  ['GPT-3', 96, 96, 128, 2048, 4_718_592, 9],
  ['Gemma-2B', 18, 1, 256, 1024, 18_432, 18 / 1024],
  ['Gemma-7B', 28, 16, 256, 1024, 458_752, 448 / 1024],
  ['MiniGPT', 4, 8, 32, 512, 4096, 2 / 1024],
])('cache of %s', (_, layers, kvHeads, headWidth, length, perToken, gibibytes) => {
  const shape = { layers, kvHeads, headWidth };
  expect(cacheBytes({ ...shape, length: 1 })).toBe(perToken);
  expect(cacheBytes({ ...shape, length }) / GiB).toBe(gibibytes);
  expect(cacheBytes({ ...shape, length, batch: 3, bytesPerNumber: 4 })).toBe(6 * perToken * length);
});
test('refuses what is no size', () => {
  expect(() => weightBytes(0, 'f32')).toThrow(/'parameters' should be a number above 0, got 0/);
  expect(() => cacheBytes({ layers: 1.5, kvHeads: 1, headWidth: 1, length: 1 })).toThrow(/'layers'/);
});
