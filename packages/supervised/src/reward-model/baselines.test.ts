// The bag of words finds words that please, and the interval is Wilson's.
import { expect, test } from 'vitest';
import { bagOfWords, shareInterval } from './index.js';

test('a bag of words learns which words please, and nothing of words seen once', () => {
  const pairs = ['a sea', 'the sea', 'my sea', 'this sea'].map((end) => ({
    winner: `Good and calm is ${end}`,
    loser: `Bad and rough is ${end}`,
  }));
  const score = bagOfWords([...pairs, { winner: 'once', loser: 'never' }]);
  expect(score('a GOOD day')).toBeGreaterThan(0.1);
  expect(score('a bad day')).toBeLessThan(-0.1);
  expect([score('sea'), score('once'), score('unknown'), score('')]).toEqual([0, 0, 0, 0]);
});

test("Wilson's interval: 8 of 10 is 0.4902 to 0.9433", () => {
  const [low, high] = shareInterval(0.8, 10);
  expect(low).toBeCloseTo(0.4901625, 6);
  expect(high).toBeCloseTo(0.9433178, 6);
  expect(shareInterval(1, 5)[1]).toBeCloseTo(1, 12);
  expect(shareInterval(0.5, 0)).toEqual([0, 1]);
});
