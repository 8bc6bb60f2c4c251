// A tiny pretraining from the built packages, as a process that tests may kill: `node pretrain-once.mjs <store> <device> <steps> <inline|process>`; its last line holds the digests of model and log.
import { createHash } from 'node:crypto';
import { device } from '@ingot/contracts';
import { createIngot, folderStore, inlineExecutor, processExecutor } from '@ingot/core';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { training } from '@ingot/training';
import { corpus } from './corpus.mjs';
import { digestOfModel, tellEnd, tellNote } from './told.mjs';

const [path, deviceName, steps, where] = process.argv.slice(2);
const ingot = createIngot({
  plugins: [training, gpt, supervised, native, device(deviceName, { threads: 2 }), corpus],
});
const pipeline = ingot.pipeline('killed', (g) => {
  const { tokens, tokenizer } = g.add('corpus', {});
  const { design } = g.add('gpt', { tokenizer }, { layers: 1, heads: 2, width: 32, context: 16, dropout: 0.1 });
  return g.add(
    'pretrain',
    { design, tokens },
    {
      steps: Number(steps),
      batch: 4,
      keep: 'best',
      evalEvery: 7,
      evalWindows: 2,
      checkpointEvery: 10,
      sampleEvery: 11,
      sampleTokens: 4,
    },
  );
});

const timings = ['tokensPerSecond', 'flopsUtilisation', 'millisecondsPerStep', 'etaSeconds'];
const log = createHash('sha256');
/** What a clock or a memory meter said differs from run to run: all else is compared. */
const digestLog = (event) => {
  const ofMemory = event.type === 'table' || (event.type === 'text' && event.text.startsWith('Peak memory'));
  if (ofMemory) return;
  const values = Object.entries(event.values ?? {}).filter(([name]) => !timings.includes(name));
  log.update(JSON.stringify({ ...event, replayed: 'or not', ...(event.type === 'metric' ? { values } : {}) }));
};
const run = pipeline.run({
  store: folderStore(path),
  executor: where === 'process' ? processExecutor() : inlineExecutor(),
});
run.events.subscribe((event) => {
  tellNote(event);
  if (event.stage !== 'pretrain' || event.replayed === undefined) return;
  if (event.type === 'metric') process.stdout.write(`${event.replayed ? 'replayed' : 'step'} ${event.step}\n`);
  digestLog(event);
});
await tellEnd(ingot, run, log, digestOfModel);
