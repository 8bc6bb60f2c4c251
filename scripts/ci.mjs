// What CI runs: the fast tests, the checks, the slow tests; all of them, whatever fails; the last line is the sum.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode } from './lib/run.mjs';
import { closingLine, readTally } from './lib/tally.mjs';

const PHASES = [
  ['npm test', ['scripts/test.mjs']],
  ['npm run check', ['scripts/check.mjs']],
  ['npm run test:slow', ['scripts/test.mjs', 'slow']],
];
const tally = join(mkdtempSync(join(tmpdir(), 'ingot-ci-')), 'tally.jsonl');
const began = performance.now();
let broken = 0;
for (const [name, args] of PHASES) {
  const start = performance.now();
  const before = readTally(tally).failed;
  const code = await exitCode(process.execPath, args, { INGOT_TALLY: tally });
  if (code !== 0 && readTally(tally).failed === before) broken++;
  console.log(
    `== ${name}: ${code === 0 ? 'green' : `failed with code ${code}`} after ${((performance.now() - start) / 60_000).toFixed(1)} min`,
  );
}
const sum = readTally(tally);
sum.failed += broken;
console.log(`== all of CI: ${((performance.now() - began) / 60_000).toFixed(1)} min`);
console.log(closingLine(sum));
process.exit(sum.failed || !sum.passed ? 1 : 0);
