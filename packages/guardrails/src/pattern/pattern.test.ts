// Patterns for streams: what is refused and why, what a bound does, and that settled places stay settled, on patterns of every form.
import { describe, expect, it } from 'vitest';
import { randomPieces } from '../chain/random-text.fixture.js';
import { scan } from './scan.js';
import { streamPattern, type PatternOptions } from './stream-pattern.js';

describe('what cannot be watched is refused, with what to do', () => {
  const refused: readonly (readonly [string, RegExp, PatternOptions?])[] = [
    ['a+', /'a\+' without an end.*repeat/],
    ['[a-z]{2,}x', /without an end/],
    ['a?', /matches nothing/],
    ['(?:a|)', /matches nothing/],
    ['(a)\\1', /no backreference/],
    ['a(?=bc)', /lookahead over one character/],
    ['a(?!b\\b)', /lookahead over one character/],
    ['(', /regular expression/],
    ['a', /flags of/, { flags: 'm' }],
    ['a', /flags of/, { flags: 'g' }],
    ['a{9000}', /at most 8192/],
    ['(?:a+b+)+c', /at most 8192/, { repeat: 100 }],
  ];
  for (const [source, why, options] of refused)
    it(`/${source}/${options ? JSON.stringify(options) : ''}`, () => {
      expect(() => streamPattern(source, options)).toThrow(why);
      expect(() => streamPattern(source, options)).toThrow(expect.objectContaining({ code: 'bad-options' }));
    });
  it('repeat bounds what has no end', () => {
    const { whole, longest } = streamPattern('ba*', { repeat: 3 });
    expect(longest).toBe(4);
    expect('baaaaa'.match(whole)).toEqual(['baaa']);
  });
});

describe('longest', () => {
  for (const [source, longest] of [
    ['abc', 3],
    ['a{2,5}(?:b|cd)?', 7],
    ['[a-z]{1,3}\\d', 4],
    ['😀', 2],
    ['.', 2],
    ['\\bcat(?!s)', 3],
    ['(?<=USD )\\d{1,6}', 6],
  ] as const)
    it(`of /${source}/ is ${longest}`, () => expect(streamPattern(source).longest).toBe(longest));
});

describe('cut anywhere, the matches are those of the whole', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['ab', 'u'],
    ['a|ab|abc', 'u'],
    ['abc|ab|a', 'u'],
    ['a{1,3}?b', 'u'],
    ['a{2,4}b?', 'u'],
    ['(?:ab){1,3}c{0,2}', 'u'],
    ['\\ba\\b', 'u'],
    ['a\\B', 'u'],
    ['a(?!b)', 'u'],
    ['a(?=b|$)', 'u'],
    ['(?<=b)a{1,3}', 'u'],
    ['(?<!b)a(?:b(?<=ab)c)?', 'u'],
    ['^ab', 'u'],
    ['ab$', 'u'],
    ['[ab]{2}c', 'iu'],
    ['(?:a|b(?:c|a(?:b|c)))(?:a|$)', 'u'],
    ['a.{0,3}c', 's'],
    ['(?:a?b?){2}c', 'u'],
    ['(?:a{1,2}b){0,2}c', ''],
  ];
  for (const [source, flags] of forms)
    it(`/${source}/${flags}`, () => {
      const pattern = streamPattern(source, { flags });
      let held = 0;
      for (let seed = 0; seed < 120; seed++) {
        const text = randomPieces('abcabacbbaAB\naabcc'.repeat(2), seed, 3)
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join('')
          .slice(seed % 11, 12 + (seed % 23));
        const whole = scan(pattern, { text, from: 0, final: true }).spans;
        const spans: (readonly [number, number])[] = [];
        let from = 0;
        for (let end = 0; end <= text.length; end++) {
          const part = scan(pattern, { text: text.slice(0, end), from, final: false });
          expect(part.settled).toBeGreaterThanOrEqual(from);
          // exactly the open matches: none is longer than the longest
          expect(end - part.settled).toBeLessThanOrEqual(pattern.longest);
          spans.push(...part.spans);
          from = part.settled;
          held += end - from;
        }
        spans.push(...scan(pattern, { text, from, final: true }).spans);
        expect(spans, JSON.stringify(text)).toEqual(whole);
      }
      expect(held).toBeGreaterThan(0);
    });
});

describe('what a rule takes of a candidate', () => {
  const digits = streamPattern('\\d{2,4}');
  const at = { text: '1234 56', from: 0, final: true };
  it('a part: the search goes on behind it', () =>
    expect(scan(digits, at, () => [0, 2]).spans).toEqual([
      [0, 2],
      [2, 4],
      [5, 7],
    ]));
  it("'pass' goes past all of it, undefined one character on", () => {
    const seen: string[] = [];
    scan(digits, at, (candidate) => (seen.push(candidate), 'pass'));
    expect(seen).toEqual(['1234', '56']);
    seen.length = 0;
    scan(digits, at, (candidate) => (seen.push(candidate), undefined));
    expect(seen).toEqual(['1234', '234', '34', '56']);
  });
  it('it sees the text before', () =>
    expect(scan(digits, at, (_, before) => (before.endsWith(' ') ? [0, 2] : 'pass')).spans).toEqual([[5, 7]]));
});
