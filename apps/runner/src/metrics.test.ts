// Charts by the patterns of metric names: no stage is known.
import { expect, test } from 'vitest';
import { chartRank, isDrawn, losesByRow, metricStyle, watchRank } from './metrics.js';

test.each([
  ['loss', 'Loss', 'train'],
  ['validation-loss', 'Loss', 'validation'],
  ['heldOut/loss', 'Loss', 'held out'],
  ['loss/mix', 'Parts of the loss', 'mix'],
  ['logps/chosen', 'Log-probabilities', 'chosen'],
  ['heldOut/logps/rejected', 'Log-probabilities', 'rejected, held out'],
  ['rewards/accuracies', 'Accuracy', 'accuracy'],
  ['heldOut/rewards/accuracies', 'Accuracy', 'accuracy, held out'],
  ['train/accuracy', 'Accuracy', 'accuracy, train'],
  ['accuracy', 'Accuracy', 'accuracy'],
  ['rewards/margins', 'Margins', 'margin'],
  ['train/margin', 'Margins', 'margin, train'],
  ['rewards/rejected', 'Implicit rewards', 'rejected'],
  ['heldOut/reward', 'Reward', 'reward, held out'],
  ['heldOut/gold', 'Gold reward', 'gold reward, held out'],
  ['reward/2', 'Reward by part', 'reward 2'],
  ['policy/clip/high', 'Clipped', 'above'],
  ['policy/kl', 'KL per token', 'KL in the loss'],
  ['task/proverbs/accuracy', 'Held-out tasks: proverbs/accuracy', 'proverbs/accuracy'],
  ['distinct-2', 'Variety of answers', 'distinct-2'],
  ['repeated-4', 'Variety of answers', 'repeated-4'],
  ['leastScore', 'Scores of the reward model', 'least'],
  ['clip/low', 'Clip', 'low'],
  ['made_upNumber', 'Made up number', 'made up number'],
])('%s stands in the chart %s as %s', (name, chart, title) => {
  expect(metricStyle(name)).toMatchObject({ chart, title });
});
test('counts and helpers of the live view are not drawn, on either side', () => {
  for (const name of ['etaSeconds', 'rows/chosen', 'heldOut/rows/rejected', 'learntTokens'])
    expect(isDrawn(name)).toBe(false);
  for (const name of ['kl', 'heldOut/loss', 'clip/low']) expect(isDrawn(name)).toBe(true);
});
test('what is read first stands first, what is unknown last', () => {
  const charts = ['Unknown', 'Memory', 'Held-out tasks: a/b', 'KL to the reference', 'Accuracy', 'Loss'];
  expect(charts.toSorted((a, b) => chartRank(a) - chartRank(b))).toEqual(charts.toReversed());
  expect([watchRank('loss'), watchRank('lr'), watchRank('task/a/b')]).toEqual([0, undefined, 8]);
});
test('a loss of rows is told from a loss of tokens by what stands beside it', () => {
  expect(losesByRow(['loss', 'rewards/margins'])).toBe(true);
  expect(losesByRow(['loss', 'train/accuracy'])).toBe(true);
  expect(losesByRow(['loss', 'validationLoss', 'learntTokens'])).toBe(false);
});
