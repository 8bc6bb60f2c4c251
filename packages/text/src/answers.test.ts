// Spelling of numbers; the other spellings and extraction are tested where tasks use them (@ingot/eval).
import { expect, it } from 'vitest';
import { compileExtract, extractAnswer, NORMALISE } from './answers.js';

it.each([
  ['1,234.50', '1234.5'],
  [' $7. ', '7'],
  ['-0.10', '-0.1'],
  ['1 000', '1000'],
  ['042', '42'],
  ['7 apples', '7 apples'],
  ['', ''],
  ['$', '$'],
  ['Infinity', 'Infinity'],
])('the number in %j is %j', (text, wanted) => expect(NORMALISE.number(text)).toBe(wanted));

it('takes the last boxed answer, and none where there is none', () => {
  const boxed = compileExtract('\\\\boxed\\{([^}]*)\\}', 'here');
  expect(extractAnswer('so \\boxed{3}, no: \\boxed{4}', boxed, 'last')).toBe('4');
  expect(extractAnswer('four', boxed, 'last')).toBeUndefined();
  expect(() => compileExtract('(', 'Item 3')).toThrow(/^Item 3: wanted a regular expression/);
});
