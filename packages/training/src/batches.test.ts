// Batches: every window once an epoch, the same from any cursor, and nothing read outside of the stream.
import { IngotError } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { evaluationWindows, permutation, split, windows } from './index.js';
import { streamOf } from './tiny-family.fixture.js';

const ids = Int32Array.from({ length: 103 }, (_, i) => i);
const read = (order: 'shuffled' | 'random', seed = 1, length = 10) => windows(streamOf(ids), { length, order, seed });

describe('windows', () => {
  it('gives each id with the one that follows', () => {
    for (const order of ['shuffled', 'random'] as const) {
      const { ids: x, targets } = read(order)({ row: 0 }, 7);
      expect([...targets]).toEqual([...x].map((id) => id + 1));
    }
  });
  it('visits each window once an epoch, in an order and from an offset of the epoch', () => {
    const epoch = (n: number) => Array.from({ length: 10 }, (_, r) => read('shuffled')({ row: 10 * n + r }, 1).ids[0]!);
    for (const n of [0, 1, 2, 3]) {
      const starts = epoch(n).sort((a, b) => a - b);
      expect(starts).toEqual(Array.from({ length: 10 }, (_, i) => starts[0]! + 10 * i));
      expect(starts[0]).toBeLessThan(3);
    }
    expect(epoch(0)).not.toEqual(epoch(1));
  });
  it('is a function of the cursor: a resumed reader and another batch size read the same rows', () => {
    for (const order of ['shuffled', 'random'] as const) {
      const whole = read(order)({ row: 0 }, 24).ids;
      const later = read(order);
      const parts = [0, 8, 16].map((row) => later({ row }, 8).ids);
      expect(parts.flatMap((part) => [...part])).toEqual([...whole]);
      expect([...read(order)({ row: 16 }, 8).ids]).toEqual(Array.from(whole).slice(160));
    }
  });
  it('changes with the seed', () => {
    for (const order of ['shuffled', 'random'] as const)
      expect(read(order, 1)({ row: 0 }, 8).ids).not.toEqual(read(order, 2)({ row: 0 }, 8).ids);
  });
  it('reads a stream of just one window, and refuses a shorter one', () => {
    for (const order of ['shuffled', 'random'] as const) {
      expect(read(order, 1, 102)({ row: 5 }, 2).ids.length).toBe(204);
      expect(() => read(order, 1, 103)).toThrow(IngotError);
    }
  });
});

describe('permutation', () => {
  it('holds every number once, and depends on the key', () => {
    expect([...permutation(50, [1, 2])].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(permutation(50, [1, 2])).not.toEqual(permutation(50, [1, 3]));
  });
  it('favours no place: each of 4 numbers comes first about equally often', () => {
    const first = [0, 0, 0, 0];
    for (let key = 0; key < 4000; key++) first[permutation(4, [key, 7])[0]!]!++;
    // Standard deviation of each count is 27.
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });
});

describe('evaluationWindows', () => {
  it('spreads a limited number evenly, without overlap', () => {
    expect(evaluationWindows(streamOf(ids), 10, 100)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(evaluationWindows(streamOf(ids), 10, 3)).toEqual([0, 30, 60]);
  });
});

describe('split', () => {
  it('cuts by rows; the last may be smaller', () => {
    const parts = split(read('random')({ row: 0 }, 5), 2);
    expect(parts.map(({ firstRow, batch }) => [firstRow, batch.rows, batch.ids.length])).toEqual([
      [0, 2, 20],
      [2, 2, 20],
      [4, 1, 10],
    ]);
  });
});
