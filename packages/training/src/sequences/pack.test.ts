// Packing: everything once, no row too full, TRL's best-fit-decreasing fill, and refusals.
import { describe, expect, test } from 'vitest';
import { layOut, packedBatch, packSequences, packTightly } from './index.js';

const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

test('packTightly pads no more than rows of the longest sequence do, and keeps the limit', () => {
  const next = random(11);
  const area = (lengths: readonly number[], rows: ReturnType<typeof packTightly>): number => {
    const { documents } = layOut(lengths, rows);
    return documents.length;
  };
  let [tight, plain, used] = [0, 0, 0];
  for (let round = 0; round < 50; round++) {
    const lengths = Array.from({ length: 16 }, () => 20 + Math.floor(next() * 181));
    const longest = Math.max(...lengths);
    const rows = packTightly(lengths);
    expect(rows.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    const limited = layOut(lengths, packTightly(lengths, longest + 5));
    expect(limited.length).toBeLessThanOrEqual(longest + 5);
    tight += area(lengths, rows);
    plain += area(lengths, packSequences(lengths, longest));
    used += lengths.reduce((a, b) => a + b, 0);
  }
  expect(1 - used / tight).toBeLessThan(0.06);
  expect(1 - used / plain).toBeGreaterThan(0.08);
  expect(() => packTightly([3, 11], 10)).toThrow('Sequence 1 of 2 has 11 tokens; a row holds 1 to 10.');
});

describe('packSequences', () => {
  test('100 random batches: every sequence once, rows within capacity, deterministic, and never more rows than first-fit allows', () => {
    const next = random(7);
    for (let round = 0; round < 100; round++) {
      const capacity = 5 + Math.floor(next() * 60);
      const lengths = Array.from({ length: 1 + Math.floor(next() * 40) }, () => 1 + Math.floor(next() * capacity));
      const rows = packSequences(lengths, capacity);
      expect(rows.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
      const filled = rows.map((row) => row.reduce((sum, i) => sum + lengths[i]!, 0));
      for (const fill of filled) expect(fill).toBeLessThanOrEqual(capacity);
      // Two rows that fit into one would have been one.
      const [least = 0, second = capacity] = filled.toSorted((a, b) => a - b);
      expect(rows.length === 1 || least + second > capacity).toBe(true);
      expect(packSequences(lengths, capacity)).toEqual(rows);
    }
  });
  test('takes the fullest row that still holds it', () => {
    // 6 and 5 stand alone; 4 fits only the 6's row, 3 and 2 fill up the 5's.
    expect(packSequences([2, 6, 3, 5, 4], 10)).toEqual([
      [1, 4],
      [3, 2, 0],
    ]);
    expect(packSequences([2, 6, 3], 10, 'none')).toEqual([[0], [1], [2]]);
  });
  test('refuses what is empty or too long', () => {
    expect(() => packSequences([3, 11], 10)).toThrow('Sequence 1 of 2 has 11 tokens; a row holds 1 to 10.');
    expect(() => packSequences([0], 10)).toThrow('Sequence 0 of 1 has 0 tokens');
  });
});

test('layOut restarts positions, names documents, and pads on the side that it is told', () => {
  expect(layOut([2, 3, 1], [[1, 2], [0]])).toMatchObject({
    rows: 2,
    length: 4,
    starts: Int32Array.of(4, 0, 3),
    documents: Int32Array.of(1, 1, 1, 2, 0, 0, -1, -1),
    positions: Int32Array.of(0, 1, 2, 0, 0, 1, 0, 0),
    plain: false,
  });
  expect(layOut([2, 3], [[0], [1]], 'left')).toMatchObject({
    starts: Int32Array.of(1, 3),
    documents: Int32Array.of(-1, 0, 0, 1, 1, 1),
    positions: Int32Array.of(0, 0, 1, 0, 1, 2),
    plain: false,
  });
  expect(layOut([2, 3], [[0], [1]]).plain).toBe(true);
});

test('packedBatch predicts the next token within a sequence, and only what has a weight', () => {
  const batch = packedBatch([
    { ids: Int32Array.of(5, 6, 7), weights: Float32Array.of(9, 0, 2) },
    { ids: Int32Array.of(1, 2, 3, 4), weights: Float32Array.of(1, 0.5, 1, 1) },
  ]);
  // One row: the second sequence's inputs 1 2 3, then the first one's 5 6.
  expect(batch).toMatchObject({
    ids: Int32Array.of(1, 2, 3, 5, 6),
    scored: Int32Array.of(4, 0, 1, 2),
    targets: Int32Array.of(7, 2, 3, 4),
    weights: Float32Array.of(2, 0.5, 1, 1),
    counts: Int32Array.of(1, 3),
    weight: 4.5,
  });
  const one = { ids: Int32Array.of(5), weights: Float32Array.of(1) };
  expect(() => packedBatch([one])).toThrow('Sequence 0 has 1 tokens');
  const negative = { ids: Int32Array.of(5, 6), weights: Float32Array.of(1, -1) };
  expect(() => packedBatch([negative])).toThrow('each a finite number from 0');
});
