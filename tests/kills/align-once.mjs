// A tiny alignment from the built packages, as a process that tests may kill: `node align-once.mjs <store> <device> <steps> <method>`; its last line holds the digests of model and log.
import { createHash } from 'node:crypto';
import { alignDpo } from '@ingot/align-dpo';
import { alignRlhf } from '@ingot/align-rlhf';
import { device } from '@ingot/contracts';
import { createIngot, folderStore } from '@ingot/core';
import { evaluation } from '@ingot/eval';
import { feedback as rewards } from '@ingot/feedback';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { training } from '@ingot/training';
import { corpus } from './corpus.mjs';
import { preferencesInCode } from './preferences.mjs';
import { digestOfModel, tellEnd, tellNote } from './told.mjs';

const [path, deviceName, steps, method] = process.argv.slice(2);
const ingot = createIngot({
  plugins: [
    training,
    gpt,
    supervised,
    alignDpo,
    alignRlhf,
    evaluation,
    rewards,
    native,
    device(deviceName, { threads: 2 }),
    corpus,
    preferencesInCode,
  ],
});
/** What each method is tried with: everything that a checkpoint must hold. */
const HOW = {
  dpo: { reference: 'copy', referenceSync: { every: 7, alpha: 0.5 }, keep: 'best', betaTo: 0.3 },
  bco: { adapter: { rank: 4, dropout: 0.1 } },
  // A reward model first, then rounds of two times two updates, whose answers a checkpoint in the middle must hold.
  ppo: { generations: 2, iterations: 2, miniBatches: 2, valueHead: 'separate', beta: 0.1, rewardModel: { epochs: 6 } },
  grpo: {
    generations: 4,
    iterations: 2,
    adapter: { rank: 4 },
    beta: 0.1,
    keep: 'best',
    rewards: [{ use: 'length' }],
    gold: [{ use: 'repetition' }],
  },
};
/** What online methods are asked beside. */
const ONLINE = { tokens: 8, watch: { samples: 2 } };
const online = ['ppo', 'grpo'].includes(method);
const pipeline = ingot.pipeline('killed', (g) => {
  const { tokens, tokenizer } = g.add('corpus', {});
  const { design } = g.add('gpt', { tokenizer }, { layers: 1, heads: 2, width: 32, context: 32 });
  const { model: base } = g.add('pretrain', { design, tokens }, { steps: 20, batch: 4, evalWindows: 2 });
  const { model } = g.add('assume-chat', { model: base }, { because: 'it is a test' });
  const { feedback, mix } = g.add('preferences-in-code', {});
  return g.add(
    method,
    { model, feedback, mix },
    {
      steps: Number(steps),
      batch: 4,
      microBatch: 2,
      evalEvery: 15,
      checkpointEvery: 10,
      optimiser: { use: 'adamw', lr: 1e-3 },
      ...(online ? ONLINE : { watch: { samples: 2, tokens: 4 } }),
      ...HOW[method],
    },
    'aligned',
  );
});

const timings = ['tokensPerSecond', 'millisecondsPerStep', 'etaSeconds'];
const isTiming = (name) =>
  timings.includes(name) || name.includes('speed/') || timings.some((one) => name.endsWith(one));
const log = createHash('sha256');
const run = pipeline.run({ store: folderStore(path) });
run.events.subscribe((event) => {
  tellNote(event);
  if (event.stage !== 'aligned' || event.replayed === undefined) return;
  if (event.type === 'metric' && event.values.lr !== undefined)
    process.stdout.write(`${event.replayed ? 'replayed' : 'step'} ${event.step}\n`);
  if (event.type === 'table' && event.title === 'Memory') return;
  const values = Object.entries(event.values ?? {}).filter(([name]) => !isTiming(name));
  log.update(JSON.stringify({ ...event, replayed: 'or not', ...(event.type === 'metric' ? { values } : {}) }));
});
await tellEnd(ingot, run, log, digestOfModel);
