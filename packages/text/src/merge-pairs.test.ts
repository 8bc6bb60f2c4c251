// The two ways of merging a piece give one result, and neither a long piece nor a hostile text takes more than its share of time.
import { describe, expect, it } from 'vitest';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { loadTokenizer } from './load-tokenizer.js';
import { mergeLong } from './merge-long.js';
import { mergePairs, type Merges } from './merge-pairs.js';
import { NONE, PairTable } from './pair-table.js';
import { randomNumbers } from './random-text.fixture.js';
import { byteLevelJson } from './write-tokenizer.js';

const bytes = [...BYTE_CHARACTERS].toSorted();

/** Algorithm 1 of Sennrich et al. 2016, word for word: the earliest pair, the leftmost of equals, until none is left. */
const byTheBook = (ids: readonly number[], merges: Merges): number[] => {
  const out = [...ids];
  for (;;) {
    const ranks = out.slice(1).map((right, i) => merges.ranks.get(out[i]!, right));
    const first = Math.min(NONE, ...ranks);
    if (first === NONE) return out;
    out.splice(ranks.indexOf(first), 2, merges.made[first]!);
  }
};

describe('merging', () => {
  it('short and long pieces alike give what the algorithm says', () => {
    const random = randomNumbers(23);
    const below = (most: number) => Math.floor(random() * most);
    for (let round = 0; round < 300; round++) {
      const merges = { ranks: new PairTable(), made: Int32Array.from({ length: 40 }, (_, rank) => 4 + rank) };
      for (let rank = 0; rank < 40; rank++) {
        const [left, right] = [below(4 + rank), below(4 + rank)];
        if (merges.ranks.get(left, right) === NONE) merges.ranks.add(left, right, rank);
      }
      const piece = Array.from({ length: 1 + below(90) }, () => below(4));
      const wanted = byTheBook(piece, merges);
      for (const merge of [mergePairs, mergeLong]) {
        const ids = Int32Array.from(piece);
        expect([...ids.subarray(0, merge(ids, ids.length, merges))]).toEqual(wanted);
      }
    }
  });

  it('of a pair that is learnt twice the first counts', () => {
    const tokens = [...bytes, 'ab', 'bc', 'abc'];
    const twice = [
      ['b', 'c'],
      ['a', 'b'],
      ['b', 'c'],
      ['ab', 'c'],
    ] as const;
    expect([...loadTokenizer({ json: byteLevelJson(tokens, twice, [], 'gpt2') }).encode('abc')]).toEqual([
      bytes.indexOf('a'),
      257,
    ]);
  });
});

describe('a table of pairs', () => {
  it('grows, and has what was put there and nothing else', () => {
    const table = new PairTable();
    for (let i = 0; i < 100_000; i++) table.add(i % 317, i, i);
    for (let i = 0; i < 100_000; i++) expect(table.get(i % 317, i)).toBe(i);
    expect(table.get(0, 1)).toBe(NONE);
    expect(table.get(1, 0)).toBe(NONE);
  });
});

const powers = ['a'.repeat(2), 'a'.repeat(4), 'a'.repeat(8), 'a'.repeat(16)];
const ofPowers = byteLevelJson(
  [...bytes, ...powers],
  powers.map((token) => [token.slice(token.length / 2), token.slice(token.length / 2)] as const),
  [],
  'gpt2',
);

describe('a hostile text', () => {
  it.each([100_000, 1_600_000])('of %i equal letters is encoded in n log n', (length) => {
    const began = performance.now();
    const ids = loadTokenizer({ json: ofPowers }).encode('a'.repeat(length));
    expect(ids.length).toBe(length / 16);
    expect(new Set(ids)).toEqual(new Set([259]));
    expect(performance.now() - began).toBeLessThan(10_000); // about 1 s for the longer one
  });
});
