// Processes: stages in a child, a crash there, a cancel that crosses, two processes on one store. The children run the built core.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { collect, newFolder, refusal, said } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { folderStore } from '../store/folder-store.js';
import { memoryStore } from '../store/memory-store.js';
import { processExecutor } from './process-executor.js';
import { readManifest } from '../store/records.js';
// @ts-expect-error a fixture in plain JavaScript, as a child process needs it
import { homebound as untypedHomebound, trainer as untypedTrainer } from '../fixtures/trainer.mjs';
import type { Plugin } from '../plugin.js';

const trainer = untypedTrainer as Plugin;
const homebound = untypedHomebound as Plugin;
const recipe = (how: object, use = 'train') => ({
  name: 'training',
  seed: 5,
  stages: { train: { use, how }, after: { use: 'after', from: { weights: 'train.weights' } } },
  outputs: { weights: 'train.weights', after: 'after.process' },
});
const outsideOf = (ingot: ReturnType<typeof createIngot>, how: object, use?: string) =>
  ingot.fromRecipe(recipe(how, use));

test('a stage runs in a child, its events stream back, and the result is the same as in this process', async () => {
  const ingot = createIngot({ plugins: [trainer] });
  const store = folderStore(newFolder());
  const run = outsideOf(ingot, { steps: 4 }).run({ store, executor: processExecutor() });
  const there = await run.result();
  const here = await outsideOf(ingot, { steps: 4 }).run().result();
  expect(there['weights']).toEqual(here['weights']);
  expect((there['after'] as { pid: number }).pid).not.toBe(process.pid);
  expect((here['after'] as { pid: number }).pid).toBe(process.pid);
  const events = await collect(run);
  expect(events.flatMap((event) => (event.type === 'metric' ? [event.step] : []))).toEqual([1, 2, 3, 4]);
  expect(said(events, 'stage-note')).toEqual([]);
});

test('what cannot cross runs here, with one line that says so', async () => {
  const notes = async (plugin: Plugin, store = folderStore(newFolder())) => {
    const run = outsideOf(createIngot({ plugins: [plugin] }), { steps: 2 }).run({ store, executor: processExecutor() });
    expect(((await run.result())['after'] as { pid: number }).pid).toBe(process.pid);
    return (await collect(run)).flatMap((event) => (event.type === 'stage-note' ? [event.text] : []));
  };
  expect((await notes(homebound))[0]).toBe(
    "runs in this process: stage 'train' comes from plugin '@test/trainer', which names no module",
  );
  expect((await notes(trainer, memoryStore()))[0]).toBe(
    'runs in this process: the store in memory cannot be shared with another process',
  );
});

test.each([
  ['exit', 'child-crashed', 'exit code 7'],
  ['signal', 'child-crashed', 'signal SIGKILL'],
  ['throw', 'stage-failed', "Stage 'train' of pipeline 'training' failed: no numbers left"],
])('a child that ends by %s is a clear error, and what depends on it is skipped', async (how, code, text) => {
  const run = outsideOf(createIngot({ plugins: [trainer] }), { how }, 'crash').run({
    store: folderStore(newFolder()),
    executor: processExecutor(),
  });
  const error = await refusal(code, () => run.result());
  expect(error.message).toContain(text);
  if (how === 'exit') expect(error.message).toContain('the last words');
  const events = await collect(run);
  expect(said(events, 'stage-failed')).toEqual(['train']);
  expect(said(events, 'stage-skipped')).toEqual(['after']);
  expect(events.at(-1)).toMatchObject({ type: 'run-end', ending: 'failed' });
});

test('a cancel crosses, what was saved is kept, and the run goes on in this process', async () => {
  const store = folderStore(newFolder());
  const pipeline = outsideOf(createIngot({ plugins: [trainer] }), { steps: 30, pause: 5 });
  const run = pipeline.run({ store, executor: processExecutor() });
  run.events.subscribe((event) => event.type === 'metric' && event.step === 5 && run.cancel());
  await refusal('cancelled', () => run.result());
  const resumed = await collect(pipeline.run({ store }));
  const steps = resumed.flatMap((event) => (event.type === 'metric' ? [[event.step, event.replayed] as const] : []));
  expect(steps.map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(steps.filter(([, replayed]) => replayed).length).toBeGreaterThanOrEqual(4);
});

const once = fileURLToPath(new URL('../fixtures/train-once.mjs', import.meta.url));
const start = (store: string, steps: number, pause: number, where = 'inline') => {
  const child = spawn(process.execPath, [once, store, String(steps), String(pause), where], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (words: Buffer) => (output += words.toString()));
  return { child, ended: new Promise<string>((resolve) => child.on('close', () => resolve(output))) };
};

test('of two processes on one store one trains, the other waits, and both end with the same', async () => {
  const store = newFolder();
  const both = [start(store, 20, 5), start(store, 20, 5)];
  const ends = (await Promise.all(both.map(({ ended }) => ended))).map(
    (output) => JSON.parse(output.trim().split('\n').at(-1)!) as { trained: number; first: number },
  );
  expect(ends.map(({ trained }) => trained).sort((a, b) => a - b)).toEqual([0, 20]);
  expect(ends[0]!.first).toBe(ends[1]!.first);
});

test('the death of the parent ends its child, and its lock is free at once', async () => {
  const path = newFolder();
  const { child, ended } = start(path, 40, 20, 'process');
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (words: Buffer) => words.toString().includes('step 3') && resolve()),
  );
  child.kill('SIGKILL');
  await ended;
  const began = performance.now();
  const next = await start(path, 40, 0).ended;
  expect(performance.now() - began).toBeLessThan(5_000);
  const { trained } = JSON.parse(next.trim().split('\n').at(-1)!) as { trained: number };
  expect(trained).toBeLessThanOrEqual(38);
  const store = folderStore(path);
  for (const at of await store.list('artifacts'))
    expect(await readManifest(store, at.slice('artifacts/'.length))).toBeDefined();
});
