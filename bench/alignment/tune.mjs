// Tries settings of each method on the prompts for tuning: `node bench/alignment/tune.mjs [folder] [method …]`. Goes on where it stopped.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from 'ingot';
import { methods, openRecipe, optionsOf, swapped } from './lib/recipe.mjs';
import { answersOf, bitsPerByte, documentsOf, numbersOf, promptsOf, servicesOf } from './lib/measure.mjs';

const [, , folder = '.ingot/alignment', ...only] = process.argv;
const RECIPE = 'swap.yaml';
mkdirSync(folder, { recursive: true });
const { recipe, ingot } = await openRecipe(RECIPE);
const services = await servicesOf(ingot);
const store = folderStore(join(folder, 'store'));
const shared = await ingot
  .fromRecipe(swapped(recipe, {}, ['sft', 'held', 'tuning']))
  .run({ store })
  .result();
const prompts = await promptsOf(shared.tuning);
const held = await documentsOf(shared.held);
const sftAnswers = await answersOf(services, shared.sft, undefined, prompts);
const bits = await bitsPerByte(services, shared.sft, held);
console.log(
  `${prompts.length} prompts; SFT: reward ${numbersOf(sftAnswers).reward.toFixed(3)}, ${bits.toFixed(4)} bits per byte`,
);

const file = join(folder, 'tuning.json');
const tried = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const { tried: trials } = methods();
for (const [use, list] of Object.entries(trials))
  for (const own of list) {
    const name = `${use} ${JSON.stringify(own)}`;
    if (tried[name] || (only.length > 0 && !only.includes(use))) continue;
    const how = optionsOf(use, own);
    const began = performance.now();
    const { aligned } = await ingot
      .fromRecipe(swapped(recipe, { use, how }, ['aligned']))
      .run({ store })
      .result();
    const numbers = numbersOf(await answersOf(services, aligned, shared.sft, prompts), sftAnswers);
    const tax = (await bitsPerByte(services, aligned, held)) / bits - 1;
    const { reward, kl, klPerToken, tokens, distinct2, win } = numbers;
    tried[name] = { use, ...own, reward, kl, klPerToken, tokens, distinct2, win: win.rate, tax };
    writeFileSync(file, JSON.stringify(tried, undefined, 1));
    const shown = { reward, win: win.rate, kl, klPerToken, tokens, distinct2, tax };
    console.log(
      name,
      Object.entries(shown)
        .map(([what, number]) => `${what} ${number.toFixed(3)}`)
        .join(' '),
      `${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
  }
await ingot.dispose();
