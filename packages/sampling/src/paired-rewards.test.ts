// Rewards in pairs: means, intervals and shares by hand, and what is said of them.
import { expect, test } from 'vitest';
import { inWords, rewardRows, shownRow } from './paired-rewards.js';

test('means, standard errors, the paired difference with its interval, wins and losses', () => {
  const [first, second] = rewardRows(
    ['sft', 'aligned'],
    [
      [0, 1, 2, 1],
      [1, 1, 4, 0],
    ],
  );
  expect(first).toEqual({ name: 'sft', reward: 1, error: Math.sqrt(2 / 3 / 4) });
  expect(second?.reward).toBe(1.5);
  // differences 1, 0, 2, −1: mean 0.5, standard deviation √(5/3)
  const half = 1.959964 * Math.sqrt(5 / 3 / 4);
  expect(second?.against).toEqual({
    name: 'sft',
    difference: 0.5,
    low: 0.5 - half,
    high: 0.5 + half,
    wins: 0.5,
    losses: 0.25,
  });
  expect(shownRow(second!)).toMatchObject({ reward: 1.5, difference: 0.5, low: -0.765, high: 1.765, wins: 0.5 });
  expect(Object.keys(shownRow(first!))).toEqual(['reward', '±']);
});

test('in words: more, less, and what may be chance', () => {
  const said = (own: number[]) => inWords(rewardRows(['sft', 'aligned'], [[0, 0, 0, 0], own])[1]!, 4);
  expect(said([1, 1, 1, 1])).toBe(
    'aligned scores 1.000 more than sft (95% interval of the difference 1.000 to 1.000): higher on 100% of 4 prompts, lower on 0%.',
  );
  expect(said([-1, -1, -1, 0])).toContain('0.750 less than sft');
  expect(said([1, -1, 1, 0])).toContain('which may be chance');
  expect(inWords({ name: 'sft', reward: 0, error: 0 }, 4)).toBeUndefined();
});
