// Pieces: every answer once, like lengths together, pairs whole, no more at once than asked.
import { expect, test } from 'vitest';
import { likePieces } from './pieces.js';

const drawn = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + ((i * 7919) % 311));
const sorted = (pieces: readonly (readonly number[])[]): number[] => pieces.flat().sort((a, b) => a - b);

test.each([
  [1, undefined],
  [2, undefined],
  [1, 3],
  [2, 3],
  [2, 1],
])('units of %i, at most %s answers: each answer once, units whole and in order', (unit, size) => {
  for (const count of [2, 6, 40, 128]) {
    const pieces = likePieces(drawn(count), { size, unit });
    expect(sorted(pieces)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(size === undefined ? Infinity : Math.max(unit, size));
      for (let i = 0; i < piece.length; i += unit)
        for (let j = 1; j < unit; j++) expect(piece[i + j]).toBe(piece[i]! + j);
    }
  }
});
test('where no size is said, a piece has some 2,048 tokens, and little of it is padding', () => {
  const lengths = drawn(200);
  const pieces = likePieces(lengths, { size: undefined });
  const area = (piece: readonly number[]): number => piece.length * Math.max(...piece.map((i) => lengths[i]!));
  expect(Math.max(...pieces.map(area))).toBeLessThanOrEqual(2048);
  const padded = pieces.reduce((sum, piece) => sum + area(piece), 0);
  expect(lengths.reduce((a, b) => a + b, 0) / padded).toBeGreaterThan(0.85);
});
test('an answer longer than a piece has one to itself; no answers are no pieces', () => {
  expect(likePieces([5000, 10, 4000], { size: undefined })).toEqual([[0], [2], [1]]);
  expect(likePieces([], { size: undefined })).toEqual([]);
});
