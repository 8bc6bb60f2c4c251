// The report of tuning stages: charts stage after stage, tripwires, answers of steps side by side, what is learnt, and methods on one page.
import type { RunEvent } from '@ingot/core';
import { expect, test } from 'vitest';
import { recordOf } from '../fixtures/run-record.js';
import type { RunLog } from '../runs/record.js';
import { answersBeside, comparePage, overlaid } from './compare-page.js';
import { gather } from './gather.js';
import { reportPage } from './page.js';
import { sideBySide } from './side-by-side.js';

const record = recordOf();
const log = (events: readonly RunEvent[]): RunLog => ({ record, events: events.map((event, at) => ({ at, event })) });
const metric = (stage: string, step: number, values: Record<string, number>): RunEvent => ({
  type: 'metric',
  stage,
  step,
  values,
  replayed: false,
});
const sample = (stage: string, prompt: string, text: string): RunEvent => ({
  type: 'sample',
  stage,
  prompt,
  text,
  replayed: false,
});
const tripwire =
  "Tripwire 'kl' at step 2: klPerToken is 4, above 0.5. The policy has left its start. Try: a higher beta; fewer steps.";
/** An sft stage, then an alignment stage whose KL grows by `slope` a step. */
const run = (slope: number): RunLog =>
  log([
    metric('sft', 1, { loss: 3, learntTokens: 10 }),
    {
      type: 'table',
      stage: 'sft',
      title: 'What is learnt of the first examples',
      rows: [
        { example: 0, weight: 0, text: 'Q<b>' },
        { example: 0, weight: 1, text: 'answer' },
      ],
      replayed: false,
    },
    metric('sft', 2, { loss: 2, learntTokens: 10 }),
    { type: 'table', stage: 'sft', title: 'Memory', rows: [{ measured: 5e6, resident: 9e7 }], replayed: false },
    metric('aligned', 0, { 'heldOut/loss': 0.7, klPerToken: 0 }),
    sample('aligned', 'Hi ', 'first'),
    metric('aligned', 1, { loss: 0.69, 'logps/chosen': -9, 'logps/rejected': -8, 'rewards/margins': 0 }),
    metric('aligned', 2, { loss: 0.5, 'logps/chosen': -8, 'logps/rejected': -9, 'rewards/margins': slope }),
    metric('aligned', 2, { 'heldOut/loss': 0.6, klPerToken: 2 * slope }),
    sample('aligned', 'Hi ', `after ${slope}`),
    { type: 'warning', stage: 'aligned', text: tripwire, replayed: false },
  ]);

test('charts stand stage after stage, in the order in which they are read; a loss of rows says so', () => {
  const { charts, memory, tables } = gather(run(2));
  expect(charts.map(({ stage, title, unit }) => [stage, title, unit])).toEqual([
    ['sft', 'Loss', 'nats per token'],
    ['aligned', 'Loss', 'nats a row'],
    ['aligned', 'Margins', 'reward of the chosen above the rejected'],
    ['aligned', 'Log-probabilities', 'nats an answer'],
    ['aligned', 'KL per token', 'nats per token'],
  ]);
  expect(charts[1]?.curves.map(({ title }) => title)).toEqual(['held out', 'train']);
  expect(memory).toEqual({ sft: { measured: 5e6 } });
  expect(tables).toEqual([]); // memory and what is learnt are shown in places of their own
});
test('a tripwire is no warning among others: it marks its curve and stands above the numbers with its remedies', () => {
  const found = gather(run(2));
  expect(found.warnings).toEqual([]);
  expect(found.charts.flatMap(({ title, marks }) => marks.map((mark) => [title, mark]))).toEqual([
    ['KL per token', { title: 'kl', x: 2 }],
  ]);
  const page = reportPage(run(2));
  expect(page).toContain('<li>a higher beta</li><li>fewer steps</li>');
  expect(page.indexOf('class="tripwire"')).toBeLessThan(page.indexOf('class="tiles"'));
  expect(page).toContain('tripwire kl at step 2');
});
test('what is learnt is marked, and its text cannot break the page', () => {
  const page = reportPage(run(2));
  expect(page).toContain('<span class="read">Q&lt;b&gt;</span><mark title="weight 1">answer</mark>');
});
test('answers to one prompt stand side by side, four steps at the most; a prompt that was asked once does not', () => {
  const at = (step: number, prompt: string) => ({ stage: 's', prompt, text: `${prompt}${step}`, step });
  const { compared, single } = sideBySide([...[0, 1, 2, 3, 4, 5, 6].map((step) => at(step, 'a')), at(6, 'b')]);
  expect(compared).toEqual([
    { stage: 's', prompt: 'a', answers: [0, 2, 4, 6].map((step) => ({ step, text: `a${step}` })) },
  ]);
  expect(single).toEqual([at(6, 'b')]);
});
test('methods on one page: a curve each, losses last, the last answers to what all were asked', () => {
  const runs = [1, 3].map((slope) => ({ method: slope === 1 ? 'dpo' : 'k<to', ...run(slope) }));
  const named = runs.map((one) => ({ method: one.method, gathered: gather(one) }));
  const charts = overlaid(named, 'aligned');
  expect(charts.map(({ title }) => title)).toEqual([
    'Margins',
    'Log-probabilities: chosen',
    'Log-probabilities: rejected',
    'KL per token',
    'Loss: held out',
    'Loss: train',
  ]);
  expect(charts[0]?.curves).toEqual([
    { title: 'dpo', x: [1, 2], y: [0, 1] },
    { title: 'k<to', x: [1, 2], y: [0, 3] },
  ]);
  expect(answersBeside(named, 'aligned')).toEqual([{ prompt: 'Hi ', dpo: 'after 1', 'k<to': 'after 3' }]);
  const page = comparePage(
    {
      name: 'swap',
      stage: 'aligned',
      runs: [{ ...runs[0]!, report: '/store/runs/one two/report.html' }, runs[1]!],
      summary: [{ method: 'dpo', KL: 1 }],
      tables: new Map([['evaluate: Task', [{ method: 'dpo', accuracy: 0.5 }]]]),
    },
    '/store/comparisons',
  );
  expect(page).toContain('<a href="../runs/one%20two/report.html">dpo</a>');
  expect(page).toContain('evaluate: Task');
  expect(page).not.toContain('k<to');
});
