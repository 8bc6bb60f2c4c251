// `npm run check`: what must hold of the tree beside its tests. Each check is a file in scripts/checks that exports `check`.
import { exitCode } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { addToTally, closingLine } from './lib/tally.mjs';

const command = (name, bin, args) => ({
  name,
  check: async () =>
    (await exitCode(process.execPath, [`node_modules/${bin}`, ...args])) === 0 ? [] : [`${name} failed: see above`],
});
const own = (name) => ({ name, check: async () => (await import(`./checks/${name}.mjs`)).check() });

const CHECKS = [
  command('types of sources and tests', 'typescript/bin/tsc', ['-p', 'tsconfig.tests.json']),
  command('wirings, TypeScript 7', 'typescript/bin/tsc', ['-p', 'tests/types/tsconfig.json']),
  command('wirings, TypeScript 6', 'typescript6/bin/tsc', ['-p', 'tests/types/tsconfig.json']),
  command('lint', 'oxlint/bin/oxlint', ['--deny-warnings']),
  command('format', 'oxfmt/bin/oxfmt', ['--check']),
  own('floors'),
  own('sizes'),
  own('docstrings'),
  own('manifests'),
  own('readmes'),
  own('contributing'),
  own('wasm'),
];

const wanted = process.argv.slice(2);
await setUp({ build: true });
const sum = { passed: 0, failed: 0 };
for (const { name, check } of CHECKS.filter((one) => wanted.length === 0 || wanted.some((w) => one.name.includes(w)))) {
  const began = performance.now();
  const faults = await check();
  sum[faults.length ? 'failed' : 'passed']++;
  console.log(`${faults.length ? '✗' : '✓'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const fault of faults) console.log(`    ${fault}`);
}
addToTally(sum);
console.log(closingLine(sum));
process.exit(sum.failed || !sum.passed ? 1 : 0);
