// One process runs a few steps of one stage, all before it being in the store: `node cost-once.mjs <store> <stage> <overrides> <method>`. Prints processor time and memory.
// Processor time and not the clock, with one thread: it stays the same when others use the machine.
import { folderStore } from 'ingot';
import { median } from '../../lib/machine.mjs';
import { peaks, resident } from '../../lib/memory.mjs';
import { openRecipe, swapped } from './recipe.mjs';

const [, , place, label, overrides, use] = process.argv;
const { recipe, ingot } = await openRecipe('swap.yaml');
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const how = JSON.parse(overrides);
const stages = use
  ? swapped(recipe, { use, how }).stages
  : { ...recipe.stages, [label]: { ...recipe.stages[label], how: { ...recipe.stages[label].how, ...how } } };
const pipeline = ingot.fromRecipe(swapped({ ...recipe, stages }, {}, [label]));
const store = folderStore(place);
const steps = [];
let begun = 0;
let first;
let idle = 0;
let last = 0;
let held;
const run = pipeline.run({ store });
run.events.subscribe((event) => {
  if (event.stage !== label) return;
  if (event.type === 'stage-cached') throw new Error(`'${label}' is in the store: its cost cannot be measured again.`);
  if (event.type === 'table' && event.title === 'Models held') held = event.rows;
  if (event.type === 'stage-start') [begun, idle] = [spent(), resident()];
  if (event.type !== 'metric' || event.values.millisecondsPerStep === undefined) return;
  const now = spent();
  if (first === undefined) first = now - begun;
  else steps.push([now - last, (event.values.tokensPerSecond * event.values.millisecondsPerStep) / 1000]);
  last = now;
});
await run.result();
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const times = steps.map(([milliseconds]) => milliseconds);
// A round that is learnt twice has steps of two kinds: the mean of both, from the second round on.
const { iterations = 1 } = how;
const rounds = times.slice(iterations - 1);
const step = iterations > 1 ? sum(rounds) / rounds.length : median(times);
console.log(
  JSON.stringify({
    /** Before the first step and that step less a step: encoding, and the reference where there is one. */
    before: first - step,
    step,
    perToken: sum(times) / sum(steps.map(([, tokens]) => tokens)),
    ...(held && { held }),
    ...peaks(idle),
  }),
);
await ingot.dispose();
