// Rollouts of a tiny model from the built packages, as a process that tests may kill: `node draw-once.mjs <store> <device>`; its last line holds the digests of the feedback and of the log.
import { createHash } from 'node:crypto';
import { alignRlhf } from '@ingot/align-rlhf';
import { device } from '@ingot/contracts';
import { createIngot, folderStore } from '@ingot/core';
import { feedback as rewards } from '@ingot/feedback';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { training } from '@ingot/training';
import { corpus } from './corpus.mjs';
import { preferencesInCode } from './preferences.mjs';
import { tellEnd, tellNote } from './told.mjs';

const [path, deviceName] = process.argv.slice(2);
const ingot = createIngot({
  plugins: [
    training,
    gpt,
    supervised,
    alignRlhf,
    rewards,
    native,
    device(deviceName, { threads: 1 }),
    corpus,
    preferencesInCode,
  ],
});
const pipeline = ingot.pipeline('drawn', (g) => {
  const { tokens, tokenizer } = g.add('corpus', {});
  const { design } = g.add('gpt', { tokenizer }, { layers: 1, heads: 2, width: 32, context: 32 });
  const { model: base } = g.add('pretrain', { design, tokens }, { steps: 5, batch: 4, evalWindows: 2 });
  const { model } = g.add('assume-chat', { model: base }, { because: 'it is a test' });
  const { feedback } = g.add('preferences-in-code', {});
  return g.add(
    'rollouts',
    { model, prompts: feedback, reference: base },
    { generations: 8, tokens: 16, batch: 1, rewards: [{ use: 'length' }, { use: 'repetition' }] },
    'drawn',
  );
});

const log = createHash('sha256');
const run = pipeline.run({ store: folderStore(path) });
run.events.subscribe((event) => {
  tellNote(event);
  if (event.stage !== 'drawn' || event.replayed === undefined) return;
  if (event.type === 'metric') process.stdout.write(`${event.replayed ? 'replayed' : 'step'} ${event.step}\n`);
  log.update(JSON.stringify({ ...event, replayed: 'or not' }));
});
await tellEnd(ingot, run, log, async ({ feedback, samples }) => {
  const rows = createHash('sha256');
  for (const value of [feedback, samples]) for await (const row of value.read()) rows.update(JSON.stringify(row));
  return rows.digest('hex');
});
