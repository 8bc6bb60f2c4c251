// nanoGPT's CPU run whole, through the product: a pipeline of our stages. Usage: node nanogpt.mjs <tinyshakespeare.txt> <seed> <steps> <device> <threads>
import { createIngot } from '../../packages/core/dist/index.js';
import { Device } from '../../packages/contracts/dist/index.js';
import { data } from '../../packages/data/dist/index.js';
import { gpt } from '../../packages/model-gpt/dist/index.js';
import { supervised } from '../../packages/supervised/dist/index.js';
import { training } from '../../packages/training/dist/index.js';
import { openDevice } from './devices.mjs';
import { peaks, resident } from './memory.mjs';

const [path, seed, count, on, threads] = process.argv.slice(2);
const steps = Number(count);
const idle = resident();
const device = await openDevice(on, Number(threads));
const ingot = createIngot({
  plugins: [data, gpt, training, supervised],
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
});
const pipeline = ingot.pipeline(
  'nanogpt',
  (g) => {
    const { text } = g.add('text', {}, { path });
    const { tokenizer } = g.add('char', { text });
    const { tokens } = g.add('pack', { text, tokenizer }, { validation: 0.1, cut: 'exact', endOfText: false });
    const { design } = g.add(
      'gpt',
      { tokenizer },
      { layers: 4, heads: 4, width: 128, context: 64, bias: false, gelu: 'erf' },
    );
    return g.add(
      'pretrain',
      { design, tokens },
      {
        steps,
        batch: 12,
        order: 'random',
        optimiser: { use: 'adamw', lr: 1e-3, beta2: 0.99, weightDecay: 0.1 },
        schedule: { use: 'cosine', warmup: 100, warmupFraction: 0, floor: 0.1 },
        clip: 1,
        evalEvery: steps,
        evalWindows: 1_000_000,
        checkpointEvery: steps,
      },
    );
  },
  { seed: Number(seed) },
);
const run = pipeline.run();
let seconds;
let validationLoss;
await run.events.forEach((event) => {
  if (event.type === 'stage-end' && event.stage === 'pretrain') seconds = event.milliseconds / 1000;
  if (event.type === 'metric' && event.values.validationLoss !== undefined)
    validationLoss = event.values.validationLoss;
});
await run.result();
console.log(JSON.stringify({ device: device.about, seconds, validationLoss, ...peaks(idle) }));
device.dispose();
