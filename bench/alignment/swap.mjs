// The whole measurement: `node bench/alignment/swap.mjs [folder] [--write]`. Goes on where it stopped; --write puts the tables into docs/alignment.md and the numbers beside this file.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderStore } from 'ingot';
import { machine } from '../lib/machine.mjs';
import { costsOf } from './lib/costs.mjs';
import { answersOf, bitsPerByte, documentsOf, numbersOf, promptsOf, servicesOf } from './lib/measure.mjs';
import { methods, openRecipe, optionsOf, swapped } from './lib/recipe.mjs';
import { showCosts, showHeld, showMeasures, showSettings, writeTables } from './lib/tables.mjs';

const write = process.argv.includes('--write');
const [folder = '.ingot/alignment'] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
mkdirSync(folder, { recursive: true });
const place = join(folder, 'store');
const store = folderStore(place);
const { tried, chosen } = methods();
const settings = Object.fromEntries(Object.entries(chosen).map(([use, own]) => [use, optionsOf(use, own)]));

const { recipe, ingot } = await openRecipe('swap.yaml');
const services = await servicesOf(ingot);
const outputs = async (method, names) => {
  const run = ingot.fromRecipe(swapped(recipe, method, names)).run({ store });
  const warnings = [];
  run.events.subscribe((event) => {
    if (event.type === 'stage-end') console.log(`${event.stage} took ${(event.milliseconds / 1000).toFixed(1)} s`);
    if (event.type === 'warning' && event.stage === 'aligned') warnings.push(event.text);
  });
  return { ...(await run.result()), warnings };
};
const shared = await outputs({}, ['base', 'sft', 'held', 'reported']);
const prompts = await promptsOf(shared.reported);
const held = await documentsOf(shared.held);
const sftAnswers = await answersOf(services, shared.sft, undefined, prompts);
const sftBits = await bitsPerByte(services, shared.sft, held);
const measures = { sft: { ...numbersOf(sftAnswers), bitsPerByte: sftBits } };
const said = { sft: sftAnswers.slice(0, 3).map(({ text }) => text) };
const measure = async (name, model) => {
  const answers = await answersOf(services, model, shared.sft, prompts);
  measures[name] = { ...numbersOf(answers, sftAnswers), bitsPerByte: await bitsPerByte(services, model, held) };
  said[name] = answers.slice(0, 3).map(({ text }) => text);
};
await measure('base', shared.base);
const warnings = {};
for (const [use, how] of Object.entries(settings)) {
  const { aligned, warnings: told } = await outputs({ use, how }, ['aligned']);
  warnings[use] = told;
  await measure(use, aligned);
  console.log(use, JSON.stringify(measures[use]));
}
await ingot.dispose();

const costFile = join(folder, 'costs.json');
if (!existsSync(costFile)) writeFileSync(costFile, JSON.stringify(costsOf(place, settings), undefined, 1));
const costs = JSON.parse(readFileSync(costFile, 'utf8'));
const results = { machine: machine(), measures, costs, warnings, prompts: prompts.slice(0, 3), said };
const tables = {
  settings: showSettings({ tried, chosen }),
  measures: showMeasures(results, Object.keys(chosen)),
  costs: showCosts(results),
  held: showHeld(results),
};
console.log(Object.values(tables).join('\n\n'));
if (write) {
  const file = fileURLToPath(new URL('swap.results.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
  writeTables('alignment.md', tables);
}
