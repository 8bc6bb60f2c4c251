// Constitutional AI with a model of ours, end to end: `node bench/alignment/constitution.mjs [folder] [--write]`. Goes on where it stopped; --write puts the tables into docs/constitution.md and the numbers beside this file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wilson } from '@ingot/contracts';
import { folderStore } from 'ingot';
import { machine } from '../lib/machine.mjs';
import { FAULTS, faultsIn, isAbout, MANNERS, wishes } from './lib/manners.mjs';
import { answersOf, servicesOf } from './lib/measure.mjs';
import { openRecipe } from './lib/recipe.mjs';
import { markdown, writeTables } from './lib/tables.mjs';
import { promptsOf } from './manners.mjs';

const write = process.argv.includes('--write');
const [folder = '.ingot/constitution'] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
mkdirSync(folder, { recursive: true });
const { recipe, ingot } = await openRecipe('constitution.yaml');
for (const stage of ['revise', 'prefer']) recipe.stages[stage].how.constitution = MANNERS;

const run = ingot.fromRecipe(recipe).run({ store: folderStore(join(folder, 'store')) });
run.events.subscribe((event) => {
  if (event.type === 'stage-end') console.log(`${event.stage} took ${(event.milliseconds / 1000).toFixed(1)} s`);
  if (event.type === 'warning') console.log(`${event.stage}: ${event.text}`);
});
const { taught, revised, preferred, revisions, preferences } = await run.result();

/** Requests whose wish no stage has seen, in three frames; one answer each, drawn at temperature 1 with the same draws for every model. */
const prompts = promptsOf(wishes.reported, [0, 1, 2]);
const services = await servicesOf(ingot);
const measures = {};
for (const [name, model] of Object.entries({ taught, revised, preferred })) {
  const answers = await answersOf(services, model, name === 'taught' ? undefined : taught, prompts);
  const share = (keep) => wilson(answers.filter(keep).length, answers.length);
  measures[name] = {
    answers: answers.length,
    faults: Object.fromEntries(
      Object.keys(FAULTS).map((fault) => [fault, share(({ text }) => FAULTS[fault].has(text))]),
    ),
    clean: share(({ text }) => faultsIn(text).length === 0),
    onRequest: share(({ text }, i) => isAbout(prompts[i][0].content, text)),
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0) / answers.length,
    kl: answers.reduce((sum, { k1 }) => sum + k1, 0) / answers.length,
    said: answers.slice(0, 3).map(({ text }) => text),
  };
}
await ingot.dispose();

const three = ({ rate, low, high }) => `${rate.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
const cell = (value) => (value === undefined ? '' : String(value));
const tables = {
  principles: markdown([
    ['principle', 'applied', 'changed', 'words kept', 'win rate, 95% interval', 'tokens read', 'tokens written'],
    ...revisions.rows.map(({ name, values }) => [
      name,
      cell(values.applied),
      cell(values.changed),
      cell(values['words kept']),
      'win rate' in values
        ? `${three({ rate: values['win rate'], low: values.low, high: values.high })} of ${values.judged}`
        : '',
      cell(values['tokens read']),
      cell(values['tokens written']),
    ]),
  ]),
  faults: markdown([
    [
      'model',
      ...Object.keys(FAULTS).map((fault) => `not ${fault}`),
      'without a fault',
      'about the request',
      'tokens',
      'KL to the first',
    ],
    ...Object.entries(measures).map(([name, one]) => [
      `\`${name}\``,
      ...Object.values(one.faults).map(three),
      three(one.clean),
      three(one.onRequest),
      one.tokens.toFixed(1),
      name === 'taught' ? '0' : one.kl.toFixed(1),
    ]),
  ]),
};
console.log(Object.values(tables).join('\n\n'), '\n', revisions.notes.join('\n'), preferences.rows);
if (write) {
  const file = fileURLToPath(new URL('constitution.results.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify({ machine: machine(), revisions, preferences, measures }, undefined, 1)}\n`);
  writeTables('constitution.md', tables);
}
