// What the live and the plain view show of tuning: curves by what they are about, tripwires, first and latest answers, what is learnt.
import { expect, test } from 'vitest';
import type { RunEvent } from '@ingot/core';
import { fakeIo } from '../fixtures/io.js';
import { rolloutsOf } from '../rollout-table.js';
import { coloured } from './masked.js';
import { headline, plainView } from './plain.js';
import { followSamples } from './said.js';
import { renderEventTable } from './table.js';
import { watch, watchedLines, type Series } from './watched.js';

test('the curve of each idea is the one with the most points; a single point is none', () => {
  const series: Series = new Map();
  watch(series, { 'heldOut/loss': 0.7, 'heldOut/rewards/accuracies': 0.5, kl: 0, lr: 1 });
  for (let step = 1; step <= 3; step++) watch(series, { loss: 1 / step, 'rewards/accuracies': step / 4, lr: 1 });
  expect(watchedLines(series, 40, false)).toEqual(['loss     █▃▁ 0.3333', 'accuracy ▁▅█ 0.7500']);
  watch(series, { kl: 2 });
  expect(watchedLines(series, 40, false)[2]).toBe('KL       ▁█ 2');
});
test('headlines of a step and of an evaluation', () => {
  expect(headline({ loss: 0.6, lr: 0.001, 'rewards/accuracies': 0.75, 'rewards/margins': 0.2, 'rows/chosen': 1 })).toBe(
    'loss 0.6000 · accuracy 0.7500 · margin 0.2000 · learning rate 0.001000',
  );
  expect(headline({ 'heldOut/loss': 0.5, kl: 3, displacement: -0.2 })).toBe(
    'loss 0.5000 · KL 3 · displacement -0.2000',
  );
});
test('the first answer stands beside the latest one to the same prompt', () => {
  const samples = followSamples();
  expect(samples.lines(30)).toEqual([]);
  const say = (prompt: string, text: string, step: number) =>
    samples.take('dpo', { type: 'sample', prompt, text }, step);
  say('Hi ', 'aaa', 0);
  say('Other ', 'bbb', 0);
  expect(samples.lines(30)).toEqual([['it says', 'Hi aaa']]);
  say('Hi ', 'better', 10);
  expect(samples.lines(30)).toEqual([
    ['step 0', 'Hi aaa'],
    ['step 10', 'Hi better'],
  ]);
  samples.take('next', { type: 'sample', text: 'new' }, undefined);
  expect(samples.lines(30)).toEqual([['it says', 'new']]);
});
const answers = (step: number, at: string, ...rewards: readonly number[]) => ({
  title: `Rollouts at step ${step}${at && `, ${at}`}`,
  rows: rewards.map((reward, i) => ({ prompt: 'Hi ', answer: `${step}.${i}`, reward, tokens: 3, ended: 'yes' })),
});
test('held-out rollouts are followed as samples are; of the latest round the best and the worst answer stand', () => {
  const samples = followSamples();
  const take = (step: number, at: string, ...rewards: readonly number[]) => {
    const rollouts = rolloutsOf(answers(step, at, ...rewards));
    if (rollouts) samples.takeRollouts('grpo', rollouts);
  };
  take(1, '', 1, 1);
  expect(samples.lines(30)).toEqual([['best 1', '1.0']]);
  take(0, 'held out', 0.5);
  take(2, '', 0.25, 3, -1);
  take(4, 'held out', 0.75);
  expect(samples.lines(30)).toEqual([
    ['step 0', 'Hi 0.0'],
    ['step 4', 'Hi 4.0'],
    ['best 3', '2.1'],
    ['worst -1', '2.2'],
  ]);
  samples.take('next', { type: 'sample', prompt: '', text: 'new' }, undefined);
  expect(samples.lines(30)).toEqual([['it says', 'new']]);
});
test('rollouts are one line in a log, not again when they are replayed; no text of a model moves the cursor', () => {
  const io = fakeIo();
  const view = plainView(io);
  const table = (replayed: boolean, said: ReturnType<typeof answers>): RunEvent => ({
    type: 'table',
    stage: 'grpo',
    ...said,
    replayed,
  });
  view.event(table(true, answers(1, '', 1, 0)));
  const { title, rows } = answers(2, '', 1, 0);
  view.event(table(false, { title, rows: rows.map((row) => ({ ...row, answer: '\u001b[2Jgone\u0007' })) }));
  view.event(table(false, answers(2, 'held out', 0.5)));
  expect(io.stderr()).toBe(
    [
      'grpo       rollouts at step 2: mean reward 0.5000; best 1: [2Jgone; worst 0: [2Jgone\n',
      'grpo       rollouts at step 2, held out: mean reward 0.5000; 0.5000: 2.0\n',
    ].join(''),
  );
});
test('the live view draws of an online stage its loss, reward, KL, length and entropy', () => {
  const series: Series = new Map();
  for (const step of [1, 2])
    watch(series, { loss: step, reward: step, 'reward/deviation': 1, kl: step, length: 4, entropy: step, beta: 1 });
  expect(watchedLines(series, 40, false).map((line) => line.split(' ')[0])).toEqual([
    'loss',
    'reward',
    'KL',
    'length',
    'entropy',
  ]);
});
test('learnt text stands in marks or green, with a weight that is not 1; long text keeps where learning begins and ends', () => {
  const rows = [
    { example: 0, weight: 0, text: `${'x'.repeat(300)}Q` },
    { example: 0, weight: 0.5, text: `A${'y'.repeat(300)}<end>` },
  ];
  const shown = renderEventTable(rows, false);
  expect(shown).toMatch(/^example 0\n…x{199}Q⟦Ay{175}…y{19}<end>⟧×0\.5$/);
  const escape = String.fromCodePoint(27);
  expect(coloured([{ text: 'a', weight: 1 }], true)).toBe(`${escape}[32ma${escape}[39m`);
  expect(renderEventTable([{ example: 0, weight: 1, text: 'a', more: 1 }], false)).toContain('example  weight');
});
test('an evaluation is said beside the steps around it, and a tripwire stands out with its remedies', () => {
  const io = fakeIo();
  const view = plainView(io);
  const metric = (step: number, values: Record<string, number>): RunEvent => ({
    type: 'metric',
    stage: 'dpo',
    step,
    total: 9,
    values,
    replayed: false,
  });
  view.event(metric(1, { loss: 1 }));
  view.event(metric(2, { loss: 0.9 }));
  view.event(metric(2, { kl: 4 }));
  view.event({
    type: 'warning',
    stage: 'dpo',
    text: "Tripwire 'kl' at step 2: klPerToken is 4, above 0.5. The policy has left its start. Try: a higher beta; fewer steps.",
    replayed: false,
  });
  expect(io.stderr().split('\n').slice(0, 7)).toEqual([
    'dpo        step 1 of 9: loss 1',
    'dpo        step 2 of 9: KL 4',
    'dpo        warning:',
    '  ⚠ kl dpo, step 2: klPerToken is 4, above 0.5',
    '    The policy has left its start.',
    '    try 1. a higher beta',
    '        2. fewer steps',
  ]);
});
