// kill -9 at twenty random moments of a training process (start, steps, writing): it always ends in the same bits and the same log.
import { beforeAll, expect, it } from 'vitest';
import { build, killMany } from './kill.fixture.js';

beforeAll(build);

it('ends in the same bits after twenty kills', async () => {
  const { kills, ends, wanted, resumed } = await killMany(20, 1);
  expect(kills).toBe(20);
  expect(new Set(ends)).toEqual(new Set([wanted]));
  expect(resumed).toBeGreaterThan(2);
});
