// A step of CONTRIBUTING.md that would fail for a new user is found: wrong types, a failing test, a recipe with a typo, a list that moved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../lib/run.mjs';
import { check } from './contributing.mjs';

const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

it('the guide as it stands has no fault', () => expect(check()).toEqual([]));

it.each([
  ['wrong types', "'!'.repeat(marks)", "'!'.repeat('marks')", /its type check ended with code \d.*shout\.ts.*TS2345/],
  ['wrong types in the test', "shouted('whale', 2)", "shouted('whale')", /its type check .*shout\.test\.ts.*TS2554/],
  ['a failing test', "toBe('WHALE!!')", "toBe('whale!!')", /its test ended with code 1/],
  ['a recipe with a typo', 'use: shout, from', 'use: shuot, from', /ingot run shouting\.yaml --json ended with code 2/],
])('%s', (_, from, to, says) => {
  expect(guide).toContain(from);
  expect(check({ guide: guide.replace(from, to) })).toEqual([expect.stringMatching(says)]);
});
