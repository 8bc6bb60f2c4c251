// The kernels under AddressSanitizer and UndefinedBehaviorSanitizer, as far as the slow suite has time; `npm run sanitize` runs all.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './lib/run.mjs';

it('the kernels have no finding under AddressSanitizer and UndefinedBehaviorSanitizer', ({ skip }) => {
  // What vitest says to its own processes is not for the inner one.
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, INGOT_TESTS: ____, ...env } = process.env;
  const script = join(root, 'scripts', 'sanitize.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'address', '--short'], {
    encoding: 'utf8',
    env,
  });
  if (status === 3) skip(stdout.trim().split('\n').at(-1));
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain('sanitize address: 0 findings, tests passed');
});
