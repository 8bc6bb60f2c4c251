// The scanners against the regular expressions that they stand for, and scanning by any other pattern.
import { describe, expect, it } from 'vitest';
import { randomNumbers, randomText } from './random-text.fixture.js';
import { compilePattern, SPLIT_PATTERNS, splitText } from './split-patterns.js';
import { SCANNERS } from './split-scanners.js';

/** The pieces by the regular expression alone. */
const matched = (text: string, pattern: RegExp): string[] => {
  const pieces: string[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    if (match[0]) pieces.push(match[0]);
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
};

/** One or more of every class that a pattern tells apart, of both widths, and halves of pairs. */
const CHARACTERS = [
  ..."aZ9 \n\r\t'/!.sStTmMdDrRvVeElLſK",
  'é',
  'É',
  'ǅ',
  'ʰ',
  'ª',
  '日',
  '\u0301',
  '½',
  '\u00A0',
  '\u0085',
].concat([
  '\u2028',
  '\uFEFF',
  '🙂',
  '𝐀',
  '𝐚',
  '𐐨',
  '𠀀',
  '𝟗',
  '\u{1E8D0}',
  '\uD800',
  '\uDC00',
  "'s",
  "'LL",
  "'re",
  '\r\n',
]);
const shortText = (random: () => number): string =>
  Array.from(
    { length: 1 + Math.floor(random() * 10) },
    () => CHARACTERS[Math.floor(random() * CHARACTERS.length)]!,
  ).join('');

describe.each(Object.keys(SCANNERS) as (keyof typeof SCANNERS)[])('the scanner of %s', (name) => {
  const pattern = compilePattern(SPLIT_PATTERNS[name]);

  it('cuts 200,000 random texts as its pattern does', () => {
    const random = randomNumbers(17);
    const wrong: object[] = [];
    for (let i = 0; i < 200_000; i++) {
      const text = i % 4 === 0 ? randomText(random, 12) : shortText(random);
      const wanted = matched(text, pattern);
      const pieces = splitText(text, pattern);
      if (pieces.join('\u0000') !== wanted.join('\u0000')) wrong.push({ text, pieces, wanted });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it.each([
    ['white space', ' '],
    ['white space behind a break', '\n '],
    ['capitals behind a letter that is both', 'ªA'],
    ['marks', '\u0301'],
    ['apostrophes', "'"],
    ['halves of pairs', '\uD83D'],
  ])('takes 1,000,000 characters of %s in its stride', (_, unit) => {
    const text = unit[0]! + unit.at(-1)!.repeat(1_000_000);
    const began = performance.now();
    expect(splitText(text, pattern).join('')).toBe(text);
    expect(performance.now() - began).toBeLessThan(2_000); // linear: about 20 ms
  });
});

describe('any other pattern', () => {
  it.each([String.raw`\p{L}+`, 'b', '(?:)', '(?=b)|x', 'a*', '🙂?', String.raw`\p{N}{2}`, '(?!)'])(
    'cuts as the regular expression %s does',
    (source) => {
      const pattern = compilePattern(source);
      const random = randomNumbers(19);
      const texts = ['abxaab', 'b', '', ...Array.from({ length: 2_000 }, () => shortText(random))];
      expect(texts.map((text) => splitText(text, pattern))).toEqual(texts.map((text) => matched(text, pattern)));
    },
  );
});
