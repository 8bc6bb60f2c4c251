// The draw: exact on worked distributions, even at the edges.
import { describe, expect, it } from 'vitest';
import { cacheBytes } from './cache-bytes.js';
import { drawNumber, drawToken } from './draw.js';
import { expBelowZero } from './exp.js';

const logits = Float32Array.from([0.1, 0.2, 0.3, 0.4], Math.log);

describe('drawToken', () => {
  it.each([
    [0, 0],
    [0.099, 0],
    [0.101, 1],
    [0.299, 1],
    [0.301, 2],
    [0.599, 2],
    [0.601, 3],
    [1 - 2 ** -53, 3],
  ])('at %d is token %d', (uniform, token) => {
    expect(drawToken(logits, uniform)).toBe(token);
  });
  it('never gives a removed token', () => {
    const some = Float32Array.of(-Infinity, 1, -Infinity, 2, -Infinity);
    for (let i = 0; i <= 1000; i++) expect([1, 3]).toContain(drawToken(some, Math.min(i / 1000, 1 - 2 ** -53)));
  });
  it.each([[NaN], [Infinity]])('refuses a logit of %d', (wrong) => {
    expect(() => drawToken(Float32Array.of(1, wrong), 0.5)).toThrow(/wants finite logits/);
  });
});

describe('expBelowZero', () => {
  it('is e^x to 2^-50 of itself, and 0 where that is no number of ours', () => {
    expect([0, -709, -1e6, -Infinity].map(expBelowZero)).toEqual([1, 0, 0, 0]);
    for (let i = 1; i < 20_000; i++) {
      const x = i < 10_000 ? -i / 500 : (-i * 708) / 20_000;
      expect(Math.abs(expBelowZero(x) / Math.exp(x) - 1)).toBeLessThan(2 ** -50);
    }
  });
});

describe('drawNumber', () => {
  it('is a function of seed, sequence and position, uniform in [0, 1)', () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => drawNumber(3, i % 100, Math.floor(i / 100)));
    expect(new Set(numbers).size).toBe(10_000);
    expect(drawNumber(3, 5, 0)).toBe(numbers[5]);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const tenths = new Array<number>(10).fill(0);
    for (const number of numbers) tenths[Math.floor(number * 10)]! += 1;
    expect(tenths.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9); // χ², 9 degrees of freedom, 0.999
  });
});

describe('cacheBytes', () => {
  it.each([
    ['Llama-2-7B at 4096', { layers: 32, width: 4096, capacity: 4096 }, 2 * 2 ** 30],
    ['Llama-2-70B (8 key-value heads) at 4096', { layers: 80, width: 1024, capacity: 4096 }, 1.25 * 2 ** 30],
    ['GPT-2 at 1024', { layers: 12, width: 768, capacity: 1024 }, 36 * 2 ** 20],
    ['MiniGPT at 512', { layers: 4, width: 256, capacity: 512 }, 2 * 2 ** 20],
  ])('%s in fp16', (_, shape, bytes) => {
    expect(cacheBytes({ ...shape, sequences: 1, bytesPerNumber: 2 })).toBe(bytes);
  });
});
