// Near-duplicates and overlaps: estimates against exact similarity, planted copies found, nothing found where nothing is shared.
import { describe, expect, it } from 'vitest';
import { contamination } from './contamination.js';
import { bandsFor, jaccard, signatureOf, withoutNearCopies } from './minhash.js';
import { shinglesOf } from './shingles.js';

/** A linear congruential generator (Numerical Recipes): words of a made-up language, the same on every machine. */
const speaker = (seed: number) => {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  return (words: number) => Array.from({ length: words }, () => `w${next() >>> 16}`);
};
const options = { permutations: 128, threshold: 0.8, shingle: 5 };
const plain = (text: string) => text;

describe('MinHash', () => {
  it('estimates the Jaccard similarity within four standard errors', () => {
    const numbers = (from: number, to: number) => new Set(Array.from({ length: to - from }, (_, i) => from + i));
    for (const shared of [0, 100, 500, 900, 1000]) {
      const [a, b] = [numbers(0, 1000), numbers(1000 - shared, 2000 - shared)];
      const exact = jaccard(a, b);
      const [one, other] = [signatureOf(a, 1024), signatureOf(b, 1024)];
      const estimate = one.reduce((sum, value, i) => sum + (value === other[i] ? 1 : 0), 0) / 1024;
      expect(exact).toBeCloseTo(shared / (2000 - shared), 12);
      expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(4 * Math.sqrt((exact * (1 - exact)) / 1024));
    }
  });
  it('takes bands whose threshold is at most the wanted one', () => {
    expect(bandsFor(128, 0.8)).toBe(16); // (1/16)^(1/8) = 0.707; 8 bands of 16: 0.878
    expect(bandsFor(128, 0.5)).toBe(32); // (1/32)^(1/4) = 0.420; 16 bands of 8: 0.707
    expect(bandsFor(16, 0.01)).toBe(16); // the most bands that there are
    expect(() => withoutNearCopies(['a'], plain, { ...options, bands: 7 })).toThrow(/bands that divide 128 .* got 7/);
  });
  it('drops planted copies with a changed word, keeps everything else, the first of each, in order', () => {
    const originals = Array.from({ length: 60 }, (_, i) => speaker(i)(200));
    const copies = originals.slice(0, 20).map((words, i) => words.with(100 + i, 'changed'));
    const documents = [...originals, ...copies].map((words) => words.join(' '));
    expect(shinglesOf(documents[0]!, 5).size).toBe(196);
    expect(withoutNearCopies(documents, plain, options)).toEqual(documents.slice(0, 60));
  });
  it('never drops below the threshold: half a copy stays', () => {
    const words = speaker(1)(100);
    const half = [...words.slice(0, 50), ...speaker(2)(50)];
    const documents = [words.join(' '), half.join(' ')];
    expect(withoutNearCopies(documents, plain, options)).toEqual(documents);
  });
  it('sees past case and punctuation, and compares texts shorter than a shingle whole', () => {
    expect(withoutNearCopies(['Call me Ishmael.', 'call me, ISHMAEL', 'Call me Ahab.'], plain, options)).toEqual([
      'Call me Ishmael.',
      'Call me Ahab.',
    ]);
  });
});

describe('contamination', () => {
  const train = Array.from({ length: 50 }, (_, i) => speaker(i)(120).join(' '));
  it('finds planted runs of 13 words, and counts them once', async () => {
    const planted = train[7]!.split(' ').slice(30, 45).join(', ').toUpperCase();
    const held = [speaker(900)(40).join(' '), `${speaker(901)(20).join(' ')} ${planted} ${planted}`, 'Too short.'];
    expect(await contamination([...train, train[7]!], held)).toEqual({
      overlaps: [{ document: 1, shared: 3, runs: 35 }], // 50 words: 38 runs, of which the planted copy repeats three
      documents: 3,
      tooShort: 1,
    });
  });
  it('finds nothing in text that shares no run, not even one of 12 words', async () => {
    const close = train[3]!.split(' ').slice(10, 22).join(' ');
    const held = [
      ...Array.from({ length: 50 }, (_, i) => speaker(1000 + i)(120).join(' ')),
      `${close} ${speaker(77)(9).join(' ')}`,
    ];
    expect(await contamination(train, held)).toEqual({ overlaps: [], documents: 51, tooShort: 0 });
    expect((await contamination(train, held, 12)).overlaps).toEqual([{ document: 50, shared: 1, runs: 10 }]);
  });
});
