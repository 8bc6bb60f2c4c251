// What the report reads out of a run's log.
import type { RunEvent } from '@ingot/core';
import { expect, test } from 'vitest';
import { recordOf } from '../fixtures/run-record.js';
import type { StageRecord } from '../runs/record.js';
import { gather } from './gather.js';
import { reportPage } from './page.js';
import { verdicts } from './summary.js';

const stage = (id: string, hit = false): StageRecord => ({
  id,
  stage: id,
  key: `key-${id}`,
  hit,
  why: 'never run',
  from: {},
  options: {},
  view: {},
});
const record = recordOf({
  stages: [stage('book', true), stage('model')],
  took: { 'key-book': 1500, 'key-model': 60_000 },
});
const log = (...events: RunEvent[]) => ({ record, events: events.map((event, at) => ({ at, event })) });
const metric = (step: number, values: Record<string, number>): RunEvent => ({
  type: 'metric',
  stage: 'model',
  step,
  total: 9,
  values,
  replayed: false,
});

test('curves by chart; a single point and helpers of the live view are no curves; the last value and the highest are kept', () => {
  const found = gather(
    log(
      metric(1, { loss: 3, etaSeconds: 9, once: 1 }),
      metric(2, { loss: 5, etaSeconds: 8 }),
      metric(3, { loss: 2, validationLoss: 2.5 }),
      metric(4, { loss: 1, validationLoss: 2 }),
    ),
  );
  expect(found.charts).toEqual([
    {
      title: 'Loss',
      stage: 'model',
      unit: 'nats per token',
      lines: [],
      marks: [],
      curves: [
        { title: 'train', x: [1, 2, 3, 4], y: [3, 5, 2, 1] },
        { title: 'validation', x: [3, 4], y: [2.5, 2] },
      ],
    },
  ]);
  expect([found.last['model']?.['loss'], found.peak['model']?.['loss']]).toEqual([1, 5]);
});
test('a long curve is thinned, its ends are kept', () => {
  const [chart] = gather(log(...Array.from({ length: 9000 }, (_, i) => metric(i + 1, { loss: 9000 - i })))).charts;
  expect(chart?.curves[0]?.x).toHaveLength(2000);
  expect([chart?.curves[0]?.x[0], chart?.curves[0]?.x.at(-1)]).toEqual([1, 9000]);
});
test('predicted and measured memory are read from what training says', () => {
  expect(
    gather(
      log({
        type: 'text',
        stage: 'model',
        text: 'Peak memory: predicted 8.8 MB, measured 7.2 MB on the device; the process holds 137.6 MB.',
        replayed: true,
      }),
    ).memory,
  ).toEqual({ model: { predicted: 8.8e6, measured: 7.2e6 } });
});
test('stages: kept with the time they took once, stopped, not reached', () => {
  const states = gather(
    log(
      { type: 'stage-cached', stage: 'book', key: 'key-book' },
      { type: 'stage-start', stage: 'model', key: 'key-model' },
    ),
  ).stages;
  expect(states.map(({ state, milliseconds }) => [state, milliseconds])).toEqual([
    ['kept', 1500],
    ['stopped', 60_000],
  ]);
  expect(gather(log()).stages.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
});
test('the verdict: wins, losses and ties, each named', () => {
  const found = gather(
    log({
      type: 'table',
      stage: 'report',
      title: 'Bits',
      replayed: false,
      rows: [
        { name: 'model', 'bits per byte': 2 },
        { name: 'gzip -9', 'bits per byte': 3 },
        { name: '5-gram', 'bits per byte': 1.5 },
        { name: 'twin', 'bits per byte': 2 },
      ],
    }),
  );
  expect(verdicts(found)).toEqual([
    'The model needs 2.000 bits per byte of text it never saw: it beats gzip -9 (3.000) and loses to 5-gram (1.500) and equals twin.',
  ]);
});
test('no text of a model can break the page', () => {
  const page = reportPage(
    log(metric(1, { '</script><b>': 1 }), metric(2, { '</script><b>': 2 }), {
      type: 'sample',
      stage: 'model',
      text: '<img onerror=x>',
      replayed: false,
    }),
  );
  expect(page).not.toContain('</script><b>');
  expect(page).not.toContain('<img');
});
