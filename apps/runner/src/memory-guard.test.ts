// The refusal for memory: before any work, with exit code 3.
import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-codes.js';
import { guardMemory, memoryLimit } from './memory-guard.js';
import type { StageRecord } from './runs/record.js';

const stage = (id: string, hit: boolean, predicted?: number): StageRecord => ({
  id,
  stage: 'pretrain',
  key: id,
  hit,
  why: '',
  from: {},
  options: {},
  view: {},
  ...(predicted === undefined ? {} : { predicted: { bytes: predicted } }),
});

test('a stage that does not fit is refused with where, wanted, got and what to try; exit code 3', () => {
  let caught: unknown;
  try {
    guardMemory([stage('small', false, 1e9), stage('base', false, 540e9)], 25e9);
  } catch (error) {
    caught = error;
  }
  expect((caught as Error).message).toBe(
    "Stage 'base' (pretrain) would need about 540 GB, this process may use 25.0 GB. Try a smaller batch, context or model; --no-memory-guard runs it anyway.",
  );
  expect(exitCodeOf(caught)).toBe(3);
});
test('kept stages, unknown sizes and what fits exactly pass', () => {
  expect(() =>
    guardMemory([stage('kept', true, 540e9), stage('unknown', false), stage('fits', false, 25e9)], 25e9),
  ).not.toThrow();
});
test('the limit is a number of bytes of this machine', () => {
  expect(memoryLimit()).toBeGreaterThan(1e8);
});
