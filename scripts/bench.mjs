// `npm run bench -- <suite> [--case c] [--json] [--rounds n]`: measures as a ratio against a named peer, in one run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';

const suites = readdirSync(join(root, 'bench', 'suites'))
  .map((file) => file.replace('.mjs', ''))
  .sort();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    case: { type: 'string' },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
  },
});
const [name] = positionals;
if (!suites.includes(name)) {
  console.error(
    `npm run bench -- <suite> [--case c] [--json] [--rounds n]: wanted one of ${suites.join(', ')}, got ${name ?? 'nothing'}.`,
  );
  process.exit(2);
}
await setUp({ build: true });
const { bench } = await import(`../bench/suites/${name}.mjs`);
const rows = await bench({
  only: values.case,
  rounds: Number(values.rounds),
  say: values.json ? (line) => console.error(line) : console.log,
});
if (values.json) for (const row of rows) console.log(JSON.stringify(row));
else console.table(rows);
