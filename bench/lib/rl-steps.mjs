// Our online alignment of a model folder through the product's own stages, in a process of its own: time of each round's generation, and of all that follows it.
// Usage: node rl-steps.mjs <grpo | ppo> <folder of rl-problem.mjs> <full | lora> <device> <threads>
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignRlhf } from '../../packages/align-rlhf/dist/index.js';
import { Device, Reward } from '../../packages/contracts/dist/index.js';
import { createIngot, folderStore } from '../../packages/core/dist/index.js';
import { data } from '../../packages/data/dist/index.js';
import { evaluation } from '../../packages/eval/dist/index.js';
import { gpt } from '../../packages/model-gpt/dist/index.js';
import { supervised } from '../../packages/supervised/dist/index.js';
import { training } from '../../packages/training/dist/index.js';
import { RL, TUNING_SEED } from './cases.mjs';
import { openDevice } from './devices.mjs';
import { peaks, resident } from './memory.mjs';
import { rlReport } from './rl-report.mjs';

const [method, folder, what, on, threads] = process.argv.slice(2);
const { prompts: perRound, generations, updates } = RL.methods[method];
const rounds = RL.warmup + RL.timed;
const store = mkdtempSync(join(tmpdir(), 'ingot-rl-'));
const idle = resident();
const device = await openDevice(on, Number(threads));
const ingot = createIngot({
  plugins: [data, gpt, training, supervised, alignRlhf, evaluation],
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
});
const share = ({ text }) => (text.length === 0 ? 0 : [...text].filter((one) => one === 'e').length / text.length);
const options = {
  steps: rounds * updates,
  batch: perRound,
  generations,
  tokens: RL.tokens,
  rewards: [Reward.inline('share of e', 1, share)],
  optimiser: { use: 'adamw', lr: 1e-5, beta2: 0.999, weightDecay: 0 },
  schedule: { use: 'constant', warmupFraction: 0 },
  clip: 1,
  heldOut: 0,
  evalEvery: rounds * updates,
  checkpointEvery: rounds * updates,
  watch: { samples: 0, shown: 0 },
  tripwires: { action: 'off' },
  ...(what === 'lora' ? { adapter: { rank: 16 } } : {}),
  ...{ grpo: { beta: 0.04, kl: 'loss', loss: 'dapo' }, ppo: { beta: 0.05, kl: 'reward', valueHead: 'shared' } }[method],
};
const run = ingot
  .pipeline(
    'tuned',
    (g) => {
      const { model } = g.add('model-folder', {}, { path: join(folder, 'model') });
      const { model: chat } = g.add('assume-chat', { model }, { because: 'only its speed is measured' });
      const { prompts: feedback } = g.add('prompts', {}, { path: join(folder, 'prompts.jsonl') });
      return g.add(method, { model: chat, feedback }, options, 'tuned');
    },
    { seed: TUNING_SEED },
  )
  .run({ store: folderStore(store) });
const steps = [];
await run.events.forEach((event) => {
  if (event.type === 'metric' && event.values.lr !== undefined) steps.push(event.values);
});
await run.result();
const memory = { ...peaks(idle), devicePeakBytes: device.memory().peak };

const { prompts } = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
const timed = Array.from({ length: rounds }, (_, round) => {
  const own = steps.slice(round * updates, (round + 1) * updates);
  const fed = prompts.slice(round * perRound, (round + 1) * perRound).reduce((sum, { ids }) => sum + ids.length, 0);
  const made = own[0].length * RL.answers;
  const generation = made / own[0]['speed/rolloutTokensPerSecond'];
  const all = own.reduce((sum, { millisecondsPerStep }) => sum + millisecondsPerStep, 0) / 1000;
  return { made, fed: fed * generations, generation, update: all - generation };
});
console.log(
  JSON.stringify({
    device: device.about,
    ...rlReport(timed, { updates, warmup: RL.warmup }),
    losses: steps.map(({ loss }) => loss),
    mismatch: Math.max(...steps.map(({ mismatch = 0 }) => mismatch)),
    ...memory,
  }),
);
device.dispose();
rmSync(store, { recursive: true, force: true });
