// The pace of training: told once, only when it is far off, and only for steps that were really done.
import type { RunEvent } from '@ingot/core';
import { expect, test } from 'vitest';
import { watchPace } from './pace.js';

const metric = (step: number, total: number, replayed = false): RunEvent => ({
  type: 'metric',
  stage: 'model',
  step,
  total,
  values: {},
  replayed,
});
const told = (millisecondsPerStep: number, options: { replayed?: boolean; total?: number; from?: number } = {}) => {
  let time = 0;
  const paces: number[] = [];
  const watch = watchPace(
    'model',
    100,
    (pace) => paces.push(pace),
    1000,
    () => time,
  );
  for (let step = (options.from ?? 0) + 1; step <= (options.from ?? 0) + 100; step++) {
    time += millisecondsPerStep;
    watch(metric(step, options.total ?? 1000, options.replayed));
  }
  return paces;
};

test('on the pace, and up to half as much again, nothing is told', () => {
  expect(told(100)).toEqual([]);
  expect(told(149)).toEqual([]);
});
test('far slower is told once, with the real pace', () => {
  expect(told(160)).toEqual([160]);
  expect(told(1000)).toEqual([1000]);
});
test('replayed steps do not count, and a resumed run is judged by what is left', () => {
  expect(told(1000, { replayed: true })).toEqual([]);
  expect(told(160, { from: 700 })).toEqual([]);
});
