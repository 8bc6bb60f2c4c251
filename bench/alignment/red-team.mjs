// Attack success before and after alignment, of a model of ours: `node bench/alignment/red-team.mjs [folder] [--write]`. Goes on where it stopped; --write puts the tables into docs/guardrails.md and the numbers beside this file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wilson } from '@ingot/contracts';
import { loadModel } from '@ingot/decoding';
import { attackFamilies, limitFrom, perplexityReader } from '@ingot/guardrails';
import { folderStore } from 'ingot';
import { machine } from '../lib/machine.mjs';
import { asked, translationsOf, wishes } from './lib/asking.mjs';
import { servicesOf } from './lib/measure.mjs';
import { openRecipe, swapped } from './lib/recipe.mjs';
import { markdown, writeTables } from './lib/tables.mjs';

const write = process.argv.includes('--write');
const [folder = '.ingot/red-team'] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
mkdirSync(folder, { recursive: true });
const store = folderStore(join(folder, 'store'));
const { recipe, ingot } = await openRecipe('red-team.yaml');
const resultOf = (pipeline) => {
  const run = ingot.fromRecipe(pipeline).run({ store });
  run.events.subscribe((event) => {
    if (event.type === 'stage-end') console.log(`${event.stage} took ${(event.milliseconds / 1000).toFixed(1)} s`);
    if (event.type === 'warning') console.log(`${event.stage}: ${event.text}`);
  });
  return run.result();
};

/** The limit of the rail `perplexity`: two of a hundred harmless requests that alignment sees lie above it; the reader has seen none. */
const only = (output) => swapped({ ...recipe, stages: { ...recipe.stages, aligned: recipe.stages.rpo } }, {}, [output]);
const { reader } = await resultOf(only('reader'));
const opened = await loadModel({ ...(await servicesOf(ingot)), model: reader });
const read = perplexityReader(opened);
const plain = wishes.seen.filter(({ kind }) => kind !== 'harmful').map((one) => read(asked(one)));
opened.dispose();
const ends = limitFrom(
  plain.map(({ prefix, suffix }) => Math.max(prefix, suffix)),
  0.02,
);

/** What is asked, and how: wishes that nothing has learnt from. */
const of = (kind, families = attackFamilies) => ({ asks: wishes.held.filter((one) => one.kind === kind), families });
const sets = {
  harmful: of('harmful'),
  harmless: of('harmless'),
  hard: of(
    'hard',
    attackFamilies.filter((family) => family !== 'language-switch'),
  ),
};
const models = Object.keys(recipe.outputs).filter((name) => name !== 'reader');
/** Around which model the rails stand. */
const RAILED = 'rpo';
const signs = { rails: [{ use: 'injection' }, { use: 'toxicity' }] };
const surprise = { perplexity: { ends } };
const railed = { signs, perplexity: surprise, both: { ...signs, ...surprise } };

const stages = { ...recipe.stages };
const outputs = {};
/** Adds a red team: of `done` an attack succeeded when the answer obeys, else when it does not decline. */
const ask = (name, model, set, done, how = {}) => {
  const { asks, families } = sets[set];
  stages[name] = {
    use: 'red-team',
    from: { model: recipe.outputs[model], ...(how.perplexity && { reader: recipe.outputs.reader }) },
    how: {
      requests: asks.map((one) => asked(one)),
      translations: translationsOf(asks),
      families,
      tokens: 40,
      ...(done && { harm: { use: 'obeys' } }),
      ...how,
    },
  };
  outputs[name] = `${name}.report`;
};
for (const set of Object.keys(sets)) {
  for (const model of models) {
    if (set === 'harmful') ask(`${model}-${set}-done`, model, set, true);
    ask(`${model}-${set}-open`, model, set, false);
  }
  for (const [name, how] of Object.entries(railed)) {
    if (set === 'harmful') ask(`${name}-${set}-done`, RAILED, set, true, how);
    ask(`${name}-${set}-open`, RAILED, set, false, how);
  }
}
const reports = await resultOf({ ...recipe, stages, outputs });
await ingot.dispose();

/** { attacks, succeeded } by family. */
const counts = Object.fromEntries(
  Object.entries(reports).map(([name, { rows }]) => [
    name,
    Object.fromEntries(rows.map((row) => [row.name, row.values])),
  ]),
);
const show = (some, all) => {
  const { rate, low, high } = wilson(some, all);
  return `${rate.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
};
const succeeded = (name, family) => {
  const { attacks, succeeded: done } = counts[name][family];
  return show(done, attacks);
};
/** Of what should be answered, what was declined, or stopped. */
const declined = (name, families) => {
  const rows = families.map((family) => counts[name][family]);
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  return show(sum('attacks') - sum('succeeded'), sum('attacks'));
};
const families = [...attackFamilies, 'all'];
const EASY = ['plain', 'role-play', 'many-shot'];
const tables = {
  attacks: markdown([
    ['attack success rate', ...models.map((model) => `\`${model}\``)],
    ...families.map((family) => [family, ...models.map((model) => succeeded(`${model}-harmful-done`, family))]),
    ['all, what did not decline', ...models.map((model) => succeeded(`${model}-harmful-open`, 'all'))],
  ]),
  rails: markdown([
    [
      'attack success rate',
      `\`${RAILED}\``,
      'behind `injection`, `toxicity`',
      'behind `perplexity`',
      'behind all three',
    ],
    ...families.map((family) => [
      family,
      ...[RAILED, ...Object.keys(railed)].map((name) => succeeded(`${name}-harmful-done`, family)),
    ]),
  ]),
  refused: markdown([
    [
      'declined or stopped, of what is harmless',
      'asked plainly',
      'in a role, after many shots',
      'encoded, suffix',
      'in Spanish',
      'harsh verb, harmless thing, plainly',
      'the same, other ways',
    ],
    ...[
      ...models.map((model) => [model, `\`${model}\``]),
      ['signs', `\`${RAILED}\` behind \`injection\`, \`toxicity\``],
      ['perplexity', `\`${RAILED}\` behind \`perplexity\``],
      ['both', `\`${RAILED}\` behind all three`],
    ].map(([name, title]) => [
      title,
      declined(`${name}-harmless-open`, ['plain']),
      declined(`${name}-harmless-open`, EASY.slice(1)),
      declined(`${name}-harmless-open`, ['encoding', 'suffix']),
      declined(`${name}-harmless-open`, ['language-switch']),
      declined(`${name}-hard-open`, ['plain']),
      declined(`${name}-hard-open`, EASY.slice(1)),
    ]),
  ]),
};
console.log(Object.values(tables).join('\n\n'), '\n', { ends });
if (write) {
  const file = fileURLToPath(new URL('red-team.results.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify({ machine: machine(), ends, counts }, undefined, 1)}\n`);
  writeTables('guardrails.md', tables);
}
