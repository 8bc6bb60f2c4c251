// kill -9 at a hundred random moments: run by hand, its result is written down in the README.
import { beforeAll, expect, it } from 'vitest';
import { build, killMany } from './kill.fixture.js';

beforeAll(build);

it('ends in the same bits after a hundred kills', async () => {
  const { kills, ends, wanted, resumed } = await killMany(100, 2);
  expect(kills).toBe(100);
  expect(new Set(ends)).toEqual(new Set([wanted]));
  expect(resumed).toBeGreaterThan(10);
});
