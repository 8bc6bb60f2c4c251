// `npm test`, `npm run test:slow`, `npm run test:nightly`: sets everything up, runs vitest, ends with one plain line.
import { mkdtempSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode, root } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { addToTally, closingLine } from './lib/tally.mjs';

const KINDS = ['test', 'slow', 'nightly'];
const given = process.argv.slice(2);
const kind = KINDS.includes(given[0]) ? given.shift() : 'test';

await setUp({ build: true });
const results = join(mkdtempSync(join(tmpdir(), 'ingot-tests-')), 'results.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const code = await exitCode(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...given],
  { INGOT_TESTS: kind },
);

const sum = { passed: 0, failed: 1, skipped: 0 };
if (existsSync(results)) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  ).length;
  Object.assign(sum, { passed: numPassedTests, failed: numFailedTests + brokenFiles, skipped: numPendingTests });
  for (const file of testResults)
    for (const test of file.assertionResults) if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
}
addToTally(sum);
console.log(closingLine(sum));
process.exit(code === 0 && sum.failed === 0 && sum.passed > 0 ? 0 : 1);
