// Our tuning of a model folder through the product's own stages, in a process of its own: time of each step, and of the reference's one pass.
// Usage: node tune-steps.mjs <sft | dpo> <folder of tuning-problem.mjs> <full | lora> <steps> <device> <threads>
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignDpo } from '../../packages/align-dpo/dist/index.js';
import { computedOnce } from '../../packages/align-dpo/dist/align/reference.js';
import { Device, loadParameters } from '../../packages/contracts/dist/index.js';
import { createIngot, folderStore } from '../../packages/core/dist/index.js';
import { data } from '../../packages/data/dist/index.js';
import { evaluation } from '../../packages/eval/dist/index.js';
import { gpt, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { supervised } from '../../packages/supervised/dist/index.js';
import { plainWeights } from '../../packages/tensor/dist/index.js';
import { tokenizerValue } from '../../packages/text/dist/index.js';
import { readModelFolder, training } from '../../packages/training/dist/index.js';
import { TUNING_BATCH, TUNING_SEED, TUNING_WARMUP } from './cases.mjs';
import { openDevice } from './devices.mjs';
import { peaks, resident } from './memory.mjs';

const [method, folder, what, count, on, threads] = process.argv.slice(2);
const steps = Number(count);
const store = mkdtempSync(join(tmpdir(), 'ingot-tune-'));
const idle = resident();
const device = await openDevice(on, Number(threads));
const ingot = createIngot({
  plugins: [data, gpt, training, supervised, alignDpo, evaluation],
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
});
const options = {
  steps,
  batch: TUNING_BATCH,
  optimiser: { use: 'adamw', lr: 1e-4, beta2: 0.999, weightDecay: 0 },
  schedule: { use: 'constant', warmupFraction: 0 },
  clip: 1,
  heldOut: 0,
  evalEvery: steps,
  checkpointEvery: steps,
  ...(what === 'lora' ? { adapter: { rank: 16 } } : {}),
};
const WIRE = {
  sft(g, model) {
    const { examples } = g.add('examples', {}, { path: join(folder, 'examples.jsonl') });
    return g.add('sft', { model, examples }, { ...options, samples: 0 }, 'tuned');
  },
  dpo(g, model) {
    const { feedback } = g.add('preferences', {}, { path: join(folder, 'rows.jsonl') });
    const { model: chat } = g.add('assume-chat', { model }, { because: 'only its speed is measured' });
    return g.add(
      'dpo',
      { model: chat, feedback },
      { ...options, watch: { samples: 0 }, tripwires: { action: 'off' } },
      'tuned',
    );
  },
};
const run = ingot
  .pipeline('tuned', (g) => WIRE[method](g, g.add('model-folder', {}, { path: join(folder, 'model') }).model), {
    seed: TUNING_SEED,
  })
  .run({ store: folderStore(store) });
const milliseconds = [];
const losses = [];
await run.events.forEach((event) => {
  if (event.type !== 'metric' || event.values.lr === undefined) return;
  milliseconds.push(event.values.millisecondsPerStep);
  losses.push(event.values.loss);
});
await run.result();
const memory = { ...peaks(idle), devicePeakBytes: device.memory().peak };

/** The reference's pass over all completions, whose share of the timed steps is added to their time. */
const referenceMilliseconds = async (rows) => {
  const model = await readModelFolder(join(folder, 'model'), { families: [gptFamily], tokenizerValue });
  const tree = await loadParameters(device, gptFamily, model);
  const live = { device, family: gptFamily, design: model.design, weights: plainWeights(tree) };
  const completions = rows.flatMap(({ prompt, chosen, rejected }) =>
    [chosen, rejected].map((after) => ({ ids: Int32Array.from([...prompt, ...after]), from: prompt.length })),
  );
  const began = performance.now();
  await computedOnce(live, completions, async () => undefined);
  const spent = performance.now() - began;
  tree.dispose();
  return spent;
};
const rows = JSON.parse(readFileSync(join(folder, 'ids.json'), 'utf8')).slice(
  TUNING_WARMUP * TUNING_BATCH,
  steps * TUNING_BATCH,
);
const tokens = rows.reduce(
  (sum, { prompt, chosen, rejected }) =>
    sum + prompt.length + chosen.length + (method === 'dpo' ? prompt.length + rejected.length : 0),
  0,
);
const timed = milliseconds.slice(TUNING_WARMUP).reduce((a, b) => a + b, 0);
const reference = method === 'dpo' ? await referenceMilliseconds(rows) : 0;
console.log(
  JSON.stringify({
    device: device.about,
    tokens,
    microsecondsPerToken: ((timed + reference) * 1000) / tokens,
    referenceMilliseconds: reference,
    stepMilliseconds: timed / (steps - TUNING_WARMUP),
    losses,
    ...memory,
  }),
);
device.dispose();
rmSync(store, { recursive: true, force: true });
