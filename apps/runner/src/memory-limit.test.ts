// The memory that a stage may have here, and the exit code of a refusal.
import { expect, test } from 'vitest';
import { IngotError } from '@ingot/core';
import { exitCodeOf } from './exit-codes.js';
import { memoryLimit } from './memory-limit.js';

test('the limit is a number of bytes of this machine', () => {
  expect(memoryLimit()).toBeGreaterThan(1e8);
});
test('a refusal for memory exits with 3', () => {
  expect(exitCodeOf(new IngotError('out-of-memory', ''))).toBe(3);
});
