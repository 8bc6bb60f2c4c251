// One process runs one stage of the recipe, all before it being in the store: `node step.mjs <recipe> <store> <stage> <output> <result.json> [method] [settings]`. Writes time, memory, warnings.
import { writeFileSync } from 'node:fs';
import { folderStore } from 'ingot';
import { peaks, resident } from '../../lib/memory.mjs';
import { openRecipe, swapped } from './recipe.mjs';

const [, , name, store, stage, output, result, method, settings] = process.argv;
const { recipe, ingot } = await openRecipe(name);
const chosen = method ? { use: method, how: JSON.parse(settings) } : {};
const pipeline = ingot.fromRecipe(swapped(recipe, chosen, [output]));
const idle = resident();
const run = pipeline.run({ store: folderStore(store) });
const kept = { stage, seconds: 0, steps: [], tables: {}, warnings: [], evaluations: [] };
let began = false;
run.events.subscribe((event) => {
  if (event.type === 'stage-start') console.log(`${event.stage} …`);
  if (event.type === 'stage-end') console.log(`${event.stage} took ${(event.milliseconds / 1000).toFixed(1)} s`);
  if (event.stage !== stage) return;
  if (event.type === 'stage-start') began = true;
  if (event.type === 'stage-end') kept.seconds = event.milliseconds / 1000;
  if (event.type === 'table') kept.tables[event.title] = event.rows;
  if (event.type === 'warning') kept.warnings.push(event.text);
  if (event.type !== 'metric') return;
  const { millisecondsPerStep, tokensPerSecond } = event.values;
  if (millisecondsPerStep === undefined) kept.evaluations.push({ step: event.step, ...event.values });
  else kept.steps.push([millisecondsPerStep, (tokensPerSecond * millisecondsPerStep) / 1000, event.values.loss]);
});
await run.result();
// A stage that the store had already has no time to tell: what was written when it ran stays.
if (began) writeFileSync(result, JSON.stringify({ ...kept, ...peaks(idle) }));
await ingot.dispose();
