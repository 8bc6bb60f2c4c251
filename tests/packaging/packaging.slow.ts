// Every packaging proof holds: what would be published installs, type-checks and runs outside of the repository.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'run.mjs');

test('all proofs of tests/packaging/run.mjs', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8', timeout: 1_000_000 });
  console.log(stdout);
  expect(status, `${stdout}${stderr}`).toBe(0);
});
