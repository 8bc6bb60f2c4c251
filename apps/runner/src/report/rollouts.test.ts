// The report of an online run: its rollouts as tables that need no script, its paths, and no text of a model that could break the page. The browser itself: render.test.ts.
import { expect, test } from 'vitest';
import { metricStyle } from '../metrics.js';
import { rolloutsOf } from '../rollout-table.js';
import { comparePage } from './compare-page.js';
import { ticks } from './frontier-svg.js';
import { frontiersBeside } from './frontier.js';
import { gather } from './gather.js';
import { HOSTILE, onlineRun } from '../fixtures/online-run.js';
import { reportPage } from './page.js';
import { rolloutsHtml } from './rollouts.js';

test('a table of rollouts is known by its columns and its step, whichever stage made it', () => {
  const row = { prompt: 'p', answer: 'a', reward: 1, gold: 2, tokens: 3, ended: 'no' };
  expect(rolloutsOf({ title: 'Rollouts at step 12, held out', rows: [row] })).toEqual({
    step: 12,
    at: 'held out',
    rows: [{ prompt: 'p', answer: 'a', reward: 1, numbers: { gold: 2, tokens: 3 }, ended: false }],
  });
  expect(rolloutsOf({ title: 'Drawn at step 3', rows: [{ prompt: 1, answer: 2, reward: 0 }] })?.rows[0]).toEqual({
    prompt: '1',
    answer: '2',
    reward: 0,
    numbers: {},
  });
  for (const other of [
    { title: 'Rollouts', rows: [row] },
    { title: 'Rollouts at step 1', rows: [] },
    { title: 'Rollouts at step 1', rows: [row, { prompt: 'p', answer: 'a' }] },
  ])
    expect(rolloutsOf(other)).toBeUndefined();
});

test('rollouts stand in their own section by step, not among the measures; without a script they open and close by themselves', () => {
  const { rollouts, tables } = gather(onlineRun());
  expect(tables).toEqual([]);
  expect(rollouts.map(({ step, at }) => [step, at])).toEqual([
    [0, 'held out'],
    [1, ''],
    [2, ''],
    [2, 'held out'],
    [3, ''],
    [4, ''],
    [4, 'held out'],
    [5, ''],
  ]);
  const html = rolloutsHtml(rollouts);
  expect(html.match(/<details class="step"/g)).toHaveLength(8);
  expect(html.match(/<details [^>]* open>/g)).toHaveLength(1);
  expect(html).toContain('<b>Step 5</b> <span class="soft">3 answers, mean reward 0.7 (0 to 1.4)</span>');
  expect(html).toContain('<div class="controls" hidden>');
  expect(html).toContain('<span class="bar" style="--share:100%">1.4</span>');
  expect(html).toContain('<i class="soft">no text</i>');
  expect(html).toContain('<span class="control">&lt;|im_start|&gt;</span>user');
  expect(rolloutsHtml([])).toBe('');
});
test('a long run shows so many tables, first and last among them, and says so', () => {
  const [entry] = gather(onlineRun()).rollouts;
  const html = rolloutsHtml(Array.from({ length: 1000 }, (_, step) => ({ ...entry!, step, at: '' })));
  expect(html.match(/<details class="step"/g)).toHaveLength(120);
  expect(html).toContain('120 of 1000 tables');
  for (const step of [0, 999]) expect(html).toContain(`data-name="Step ${step}"`);
});
test('no text of a model can break the page, and none is lost', () => {
  const page = reportPage(onlineRun());
  expect(page).not.toContain('<script>globalThis');
  expect(page).not.toContain('<img');
  expect(page).toContain(HOSTILE.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'));
});

test('paths: reward and gold against KL, gold against proxy, with where the tripwire spoke', () => {
  const { frontiers } = gather(onlineRun());
  expect(frontiers.map(({ title, paths }) => [title, paths.map((path) => [path.title, path.points.length])])).toEqual([
    [
      'Reward against KL',
      [
        ['held out', 3],
        ['rounds', 5],
      ],
    ],
    ['Gold reward against KL', [['held out', 3]]],
    ['Gold reward against the reward that is learnt', [['held out', 3]]],
  ]);
  expect(frontiers[2]?.paths[0]?.points).toEqual([
    { step: 0, x: 0, y: 1 },
    { step: 2, x: 0.4, y: 0.6 },
    { step: 4, x: 0.8, y: expect.closeTo(0.2) },
  ]);
  expect(frontiers.map(({ marks }) => marks)).toEqual([1, 2, 3].map(() => [{ title: 'over-optimisation', step: 4 }]));
  const page = reportPage(onlineRun());
  expect(page).toContain(
    'Gold reward against the reward that is learnt: gold reward over reward that is learnt (the proxy). held out: from 1 at 0 (step 0) to 0.2000 at 0.8000 (step 4)',
  );
  expect(page).toContain('tripwire over-optimisation at step 4');
});
test('the steps of one round are one point, and a stage that does not learn has no path', () => {
  const log = onlineRun();
  const twice = { ...log, events: log.events.flatMap((one) => [one, one]) };
  expect(gather(twice).frontiers[0]?.paths[1]?.points).toHaveLength(5);
  const drawn = log.events.map(({ at, event }) => ({
    at,
    event: event.type === 'metric' ? { ...event, values: { reward: 1, kl: event.step } } : event,
  }));
  expect(gather({ ...log, events: drawn }).frontiers).toEqual([]);
});
test('methods beside each other on one page: a path each', () => {
  const runs = ['grpo', 'p<po'].map((method) => ({ method, ...onlineRun() }));
  const beside = frontiersBeside(
    runs.map((run) => ({ method: run.method, frontiers: gather(run).frontiers })),
    'aligned',
  );
  expect(beside.map(({ paths }) => paths.map(({ title, points }) => [title, points.length]))).toEqual(
    [1, 2, 3].map(() => [
      ['grpo', 3],
      ['p<po', 3],
    ]),
  );
  const page = comparePage({ name: 'swap', stage: 'aligned', runs, summary: [], tables: new Map() }, '/store');
  expect(page).toContain('Reward against KL');
  expect(page).not.toContain('p<po');
});
test('charts of an online stage: the reward first, its loss after the KL; every metric has a chart of its own kind', () => {
  const { charts } = gather(onlineRun());
  expect(charts.map(({ title }) => title)).toEqual([
    'Reward',
    'Gold reward',
    'KL to the reference',
    'KL per token',
    'Loss',
    'Fall of the gold reward',
  ]);
  expect(charts[2]?.curves.map(({ title }) => title)).toEqual(['KL, held out', 'KL']);
  expect(charts[4]?.unit).toBe('what the method minimises');
  for (const name of ['reward/deviation', 'reward/lengthCorrelation', 'reward/1', 'policy/clip/low', 'value/mean'])
    expect(['Reward', 'Policy', 'Value']).not.toContain(metricStyle(name).chart);
});
test('ticks are round and inside', () => {
  expect(ticks(-0.02, 1.03, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(0, 12.4, 6)).toEqual([0, 2, 4, 6, 8, 10, 12]);
  expect(ticks(3, 3, 5)).toEqual([3]);
});
