// Degeneration in known strings: every number can be counted by hand.
import { describe, expect, it } from 'vitest';
import { degeneration, degenerationAdvice, distinct, loop, repeated, wordsOf } from './degeneration.js';

describe('the numbers', () => {
  it('words: apostrophes stay inside, signs stand alone, case does not count', () => {
    expect(wordsOf("Don't stop, Ismaël!")).toEqual(["don't", 'stop', ',', 'ismaël', '!']);
    expect(wordsOf(' \n')).toEqual([]);
  });
  it('distinct-n over all answers', () => {
    const answers = ['a b a b', 'a b c'].map(wordsOf);
    expect(distinct(answers, 1)).toBe(3 / 7); // a b c of seven words
    expect(distinct(answers, 2)).toBe(3 / 5); // ab ba bc of ab ba ab, ab bc
    expect(distinct(answers, 3)).toBe(1); // aba bab, abc
    expect(distinct([['a']], 2)).toBe(1);
  });
  it('repetition inside one answer', () => {
    expect(repeated(wordsOf('a b c d a b c d'), 4)).toBeCloseTo(1 - 4 / 5, 12); // abcd bcda cdab dabc abcd
    expect(repeated(wordsOf('a b c'), 4)).toBe(0);
  });
  it('loops at the end', () => {
    expect(loop(wordsOf('so it goes on and on and on and on'))).toBe(0.6); // three whole times 'and on' of ten words
    expect(loop(wordsOf('ha ha ha'))).toBe(1);
    expect(loop(wordsOf('ha ha'))).toBe(0);
    expect(loop(wordsOf('the cat sat on the mat'))).toBe(0);
    expect(loop(wordsOf('x a b c a b c a b c'))).toBeCloseTo(0.9, 12);
  });
  it('openings and structures, duplicates and empty answers', () => {
    const four = degeneration(['I am well today.', 'I am well today.', 'Who goes there?', '']);
    expect(four).toMatchObject({ answers: 4, duplicates: 0.5, empty: 0.25 });
    // Two thirds and a third: H = log2 3 − 2/3
    expect(four.openingEntropy).toBeCloseTo(Math.log2(3) - 2 / 3, 12);
    expect(four.structureEntropy).toBeCloseTo(Math.log2(3) - 2 / 3, 12);
    expect(four.openingEvenness).toBeCloseTo((Math.log2(3) - 2 / 3) / Math.log2(3), 12);
    expect(degeneration([])).toMatchObject({ answers: 0, distinct1: 1, repeated4: 0, longestLoop: 0, empty: 0 });
  });
});

describe('the advice', () => {
  const prose = [
    'Call me Ishmael.',
    'Some years ago, having little money, I thought I would sail about a little.',
    'There now is your insular city of the Manhattoes.\n\nRight and left, the streets take you waterward.',
    'Why did the old Persians hold the sea holy?',
    'No, when I go to sea, I go as a simple sailor. It is out of the question.',
    '- a harpoon\n- a lamp\n- a coat',
    'What of it, if some old hunks of a sea-captain orders me to get a broom?',
    'Once more. Say you are in the country; in some high land of lakes. Take almost any path you please!',
  ];
  it('says nothing of prose, nor of nothing', () => {
    expect(degenerationAdvice(degeneration(prose))).toEqual([]);
    expect(degenerationAdvice(degeneration([]))).toEqual([]);
  });
  it.each([
    [
      'a loop',
      prose.map((one) => `${one} ${'and the whale '.repeat(20)}`),
      /repetition penalty of 1\.1 to 1\.3.*temperature of 0\.7 to 0\.9/,
    ],
    ['one opening', prose.map((one, i) => `As an AI, I ${one} ${i}`), /diverse/],
    ['the same words', [...prose.slice(0, 2), ...prose.slice(0, 2)], /Deduplicate the examples, train fewer epochs/],
    ['empty answers', [...prose, ''], /11% of the answers are empty/],
  ])('names %s and the remedy', (_, answers, remedy) => {
    const said = degenerationAdvice(degeneration(answers));
    expect(said.some((line) => remedy.test(line))).toBe(true);
  });
});
