// Verifiable rewards, measured: `INGOT_THREADS=1 node bench/alignment/arithmetic.mjs [folder] [--seed=1] [--write]`. The recipe `arithmetic` on three seeds beside SFT on as many samples.
// Goes on where it stopped, a seed at a time. --write puts the tables into docs/verifiable-rewards.md and the numbers beside this file.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Device, Evaluator, referencesOf } from '@ingot/contracts';
import { Installed } from '@ingot/core';
import { listOf } from '@ingot/data';
import { createIngot, folderStore, plugins } from 'ingot';
import { parse } from 'yaml';
import { machine } from '../lib/machine.mjs';
import { showCurve, showShares } from './lib/arithmetic-tables.mjs';
import { examine } from './lib/examined.mjs';
import { writeTables } from './lib/tables.mjs';

const SEEDS = [1, 2, 3];
const FORM = /^\d{1,3}$/u;
const write = process.argv.includes('--write');
const only = process.argv.find((one) => one.startsWith('--seed='))?.slice('--seed='.length);
const [folder = '.ingot/arithmetic'] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
mkdirSync(folder, { recursive: true });

const recipe = parse(readFileSync(new URL('../../apps/runner/recipes/arithmetic.yaml', import.meta.url), 'utf8'));
const { practised, sft } = recipe.stages;
const answers = practised.how.steps * practised.how.batch * practised.how.generations;
/** From the same SFT model, by the same optimiser, schedule and rate as GRPO. */
const taught = (examples, length) => ({
  use: 'sft',
  from: { model: 'sft.model', examples },
  how: {
    ...length,
    batch: sft.how.batch,
    optimiser: practised.how.optimiser,
    schedule: practised.how.schedule,
    samples: 0,
  },
});
const steps = Math.round(answers / sft.how.batch);
const beside = {
  repeated: taught('sums.examples', { steps }),
  once: taught('sums.solved', { epochs: 1 }),
  solved: taught('sums.solved', { steps }),
};
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** One seed: the models, examined, the curve and the processor seconds of each stage. */
const measureSeed = async (seed) => {
  const ingot = createIngot({ plugins: plugins() });
  try {
    const services = await ingot.resolve({ device: Device, installed: Installed, evaluator: Evaluator });
    const { examined: _, ...stages } = recipe.stages;
    const pipeline = ingot.fromRecipe({
      ...recipe,
      seed,
      stages: { ...stages, ...beside },
      outputs: {
        sft: 'sft.model',
        practised: 'practised.model',
        ...Object.fromEntries(Object.keys(beside).map((name) => [name, `${name}.model`])),
        examples: 'sums.examples',
        prompts: 'sums.prompts',
        questions: 'sums.questions',
      },
    });
    const run = pipeline.run({ store: folderStore(join(folder, 'store')) });
    const [curve, seconds, begun] = [[], {}, {}];
    run.events.subscribe((event) => {
      if (event.type === 'stage-start') begun[event.stage] = spent();
      if (event.type === 'stage-end' && event.stage in begun) seconds[event.stage] = spent() - begun[event.stage];
      if (event.type !== 'metric' || event.stage !== 'practised' || event.values['heldOut/reward'] === undefined)
        return;
      curve.push([event.step, event.values['heldOut/reward']]);
      console.log(`seed ${seed}, step ${event.step}: ${event.values['heldOut/reward'].toFixed(3)}`);
    });
    const made = await run.result();
    const questions = (await listOf(made.questions)).map((row) => ({
      prompt: row.prompt,
      references: referencesOf(row),
    }));
    const common = new Set(questions.map(({ prompt }) => prompt));
    for (const rows of [made.examples, made.prompts])
      for (const { prompt } of await listOf(rows))
        if (common.has(prompt)) throw new Error(`'${prompt}' is asked and was taught.`);
    const models = {};
    for (const name of ['sft', 'practised', ...Object.keys(beside)])
      models[name] = await examine(services, made[name], questions, { tokens: practised.how.tokens, form: FORM });
    return { seed, models, curve, seconds };
  } finally {
    await ingot.dispose();
  }
};

const fileOf = (seed) => join(folder, `seed-${seed}.json`);
for (const seed of only ? [Number(only)] : SEEDS)
  if (!existsSync(fileOf(seed))) writeFileSync(fileOf(seed), JSON.stringify(await measureSeed(seed), undefined, 1));
if (SEEDS.every((seed) => existsSync(fileOf(seed)))) {
  const seeds = SEEDS.map((seed) => JSON.parse(readFileSync(fileOf(seed), 'utf8')));
  const results = { machine: machine(), threads: process.env.INGOT_THREADS ?? 'all', answers, steps, seeds };
  const tables = { shares: showShares(results), curve: showCurve(results) };
  console.log(Object.values(tables).join('\n\n'));
  if (write) {
    const file = fileURLToPath(new URL('arithmetic.results.json', import.meta.url));
    writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
    writeTables('verifiable-rewards.md', tables);
  }
}
