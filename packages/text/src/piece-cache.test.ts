// The cache of pieces knows what a map would, or nothing; a full one begins anew; pieces made to collide find no wrong ids.
import { describe, expect, it } from 'vitest';
import { IdBuffer } from './id-buffer.js';
import { PieceCache, UNKNOWN } from './piece-cache.js';
import { randomNumbers } from './random-text.fixture.js';

const idsOf = (cache: PieceCache, text: string, from: number, end: number): number[] | undefined => {
  const entry = cache.find(text, from, end);
  if (entry === UNKNOWN) return undefined;
  const ids = new IdBuffer(0);
  cache.append(entry, ids);
  expect(cache.first(entry)).toBe(ids.take()[0]);
  return [...ids.take()];
};

describe('PieceCache', () => {
  it.each([1, 64, 4096])('of %i pieces gives the ids that were kept, or none', (most) => {
    const random = randomNumbers(37);
    const below = (bound: number) => Math.floor(random() * bound);
    const cache = new PieceCache(most);
    const kept = new Map<string, number[]>();
    const text = Array.from({ length: 4_000 }, () => 'abé日\uD83D\uDE42'[below(6)]!).join('');
    let found = 0;
    for (let i = 0; i < 50_000; i++) {
      const from = below(text.length);
      const end = Math.min(text.length, from + 1 + below(random() < 0.05 ? 200 : 6));
      const piece = text.slice(from, end);
      const ids = idsOf(cache, text, from, end);
      if (ids) {
        expect(ids).toEqual(kept.get(piece));
        found++;
      } else {
        const made = Array.from({ length: 1 + below(5) }, () => below(1_000_000));
        kept.set(piece, made);
        cache.keep(text, from, end, Int32Array.from([...made, 7, 7]), made.length);
      }
    }
    expect(found).toBeGreaterThan(most > 1 ? 1_000 : 0);
  });

  it('with pieces that all have one hash finds no wrong ids', () => {
    const PRIME = 0x01000193;
    const start = Math.imul(0x811c9dc5, PRIME);
    const words: string[] = [];
    // Four characters: the middle two are free, the last undoes them wherever that fits into 16 bits.
    for (let i = 0; words.length < 40; i++) {
      const state = Math.imul(Math.imul(start ^ (i & 0xfff), PRIME) ^ (i >> 12), PRIME);
      if (state >>> 16 === 0x1234) words.push(String.fromCharCode(0, i & 0xfff, i >> 12, state & 0xffff));
    }
    const cache = new PieceCache();
    words.forEach((word, i) => cache.keep(word, 0, word.length, Int32Array.of(i), 1));
    const known = words.map((word) => idsOf(cache, word, 0, word.length));
    // as many as it probes: the others are worked out each time, so that no look-up is long
    expect(known).toEqual(words.map((_, i) => (i < 16 ? [i] : undefined)));
  });
});
