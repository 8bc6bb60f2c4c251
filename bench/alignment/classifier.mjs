// Rates of the trainable classifier on two named corpora: `node bench/alignment/classifier.mjs [--write]`, from the root of the repository, in seconds. --write puts the table into docs/guardrails.md and the numbers beside this file.
import { existsSync, writeFileSync } from 'node:fs';
import { memoryStore } from 'ingot';
import { ratesOf, worstSentence } from '@ingot/guardrails';
import { root } from '../../scripts/lib/run.mjs';
import { machine } from '../lib/machine.mjs';
import { openRecipe } from './lib/recipe.mjs';
import { markdown, writeTables } from './lib/tables.mjs';
import { generated } from './sentences.mjs';

const write = process.argv.includes('--write');
process.chdir(root);
const { recipe, ingot } = await openRecipe('classifier.yaml');
const { path } = recipe.stages.people.how;
if (!existsSync(path)) {
  console.log(`Skipped: ${path} is not there. It is the harmless-base test split of Anthropic's hh-rlhf (MIT).`);
  process.exit(0);
}
const { people, sentences, guard } = await ingot.fromRecipe(recipe).run({ store: memoryStore() }).result();
await ingot.dispose();

/** The sentences with other frames: what generated data says of other data. */
const others = ratesOf(
  generated.heldOut.map(({ text, label }, i) => ({ score: worstSentence(guard, text), label, group: String(i) })),
  guard.threshold,
);
const ofReport = ({ rows }) => Object.fromEntries(rows.map(({ name, values }) => [name, values]));
const columns = {
  'hh-rlhf, rejected answers': ofReport(people),
  'generated sentences': ofReport(sentences),
  'the same, other frames and words': others,
};
const three = (rate) =>
  rate === undefined
    ? ''
    : `${rate.value.toFixed(3)}${rate.low === undefined ? '' : ` [${rate.low.toFixed(3)}, ${rate.high.toFixed(3)}]`}`;
const names = [...new Set(Object.values(columns).flatMap((rates) => Object.keys(rates)))];
const rates = markdown([
  ['rate', ...Object.keys(columns)],
  ...names.map((name) => [name, ...Object.values(columns).map((column) => three(column[name]))]),
]);
console.log(rates, '\n', people.notes[0], '\n', sentences.notes[0]);
if (write) {
  const file = new URL('classifier.results.json', import.meta.url);
  writeFileSync(
    file,
    `${JSON.stringify({ machine: machine(), notes: { people: people.notes, sentences: sentences.notes }, columns }, undefined, 1)}\n`,
  );
  writeTables('guardrails.md', { classifier: rates });
}
