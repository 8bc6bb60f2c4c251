// The moments of a watch that only a watcher in hand can hit: a change while it plans, while a source reads, while a run ends.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder, refusal } from '../fixtures/watch.js';
import { followed, watchedWorld, type Hooks } from '../fixtures/watched-world.js';
import { createIngot } from '../ingot.js';
import { kind } from '../kind.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { listArtifacts } from '../store/admin.js';
import { memoryStore } from '../store/memory-store.js';
import type { FileWatcher } from './watch-files.js';

/** A watcher that a test works by hand. */
const byHand = () => {
  const live = new Set<{ readonly places: readonly string[]; readonly changed: (path: string) => void }>();
  const watcher: FileWatcher = async (places, { changed }) => {
    const one = { places, changed };
    live.add(one);
    return async () => void live.delete(one);
  };
  return { live, watcher, change: (path: string) => live.forEach(({ changed }) => changed(path)) };
};
const setUp = () => {
  const folder = newFolder();
  const [left, right] = [join(folder, 'left.txt'), join(folder, 'right.txt')];
  writeFileSync(left, 'abc');
  writeFileSync(right, 'xy');
  const hand = byHand();
  const seen = followed();
  return { left, right, hand, seen, options: { debounce: 5, watcher: hand.watcher, tell: seen.tell } };
};

test('watches what the sources name, and one set of watchers at a time', async () => {
  const { left, right, hand, seen, options } = setUp();
  const watching = watchedWorld().pipeline(left, right).watch(options).subscribe(seen.next);
  await seen.until('run 1', () => seen.runs.length === 1);
  expect([...hand.live].map(({ places }) => places)).toEqual([[left, right]]);
  watching.unsubscribe();
  await seen.until('no watcher', () => hand.live.size === 0);
});

test('a change while it plans is planned again before anything starts', async () => {
  let first = true;
  const hooks: Hooks = {};
  const { left, right, hand, seen, options } = setUp();
  const { pipeline } = watchedWorld(hooks);
  hooks.planning = () => {
    if (!first) return;
    first = false;
    queueMicrotask(() => (writeFileSync(left, 'changed'), hand.change(left)));
  };
  const watching = pipeline(left, right).watch(options).subscribe(seen.next);
  onTestFinished(() => watching.unsubscribe());
  await seen.until('the run', () => seen.runs.at(0)?.state === 'done');
  expect(await seen.runs[0]!.result()).toEqual({ one: 7, two: 2 });
  expect(seen.runs[0]!.change.files).toEqual([left]);
});

test('content that changed while it was read is kept under no key, and is read again', async () => {
  const hooks: Hooks = {};
  const { left, right, seen, options } = setUp();
  const { pipeline, ran } = watchedWorld(hooks);
  const store = memoryStore();
  hooks.reading = () => {
    if (ran.at(-1) !== 'file left.txt') return;
    delete hooks.reading;
    writeFileSync(left, 'later');
  };
  const run = pipeline(left, right).run({ store });
  const error = await refusal('source-changed', () => run.result());
  expect(error.message).toContain("Stage 'left' of pipeline 'watched' read its source while it changed");
  expect((await listArtifacts(store)).map(({ stage }) => stage).sort()).toEqual(['count', 'file']);

  writeFileSync(left, 'abc');
  ran.length = 0;
  hooks.reading = () => {
    if (ran.at(-1) !== 'file left.txt') return;
    delete hooks.reading;
    writeFileSync(left, 'later');
  };
  const watching = pipeline(left, right)
    .watch({ ...options, store })
    .subscribe(seen.next); // its watcher sees nothing
  onTestFinished(() => watching.unsubscribe());
  await seen.until('run 2', () => seen.runs.at(1)?.state === 'done');
  expect(await seen.runs[1]!.result()).toEqual({ one: 5, two: 2 });
  expect(seen.runs[1]!.change.stages).toEqual(['left', 'count-left']);
});

test('a source that failed is tried again with the same plan; what failed elsewhere is not', async () => {
  const hooks: Hooks = {};
  const { left, right, hand, seen, options } = setUp();
  const { pipeline } = watchedWorld(hooks);
  hooks.reading = () => {
    delete hooks.reading;
    throw new Error('a hiccup');
  };
  const watching = pipeline(left, right).watch(options).subscribe(seen.next);
  onTestFinished(() => watching.unsubscribe());
  await seen.until('the failure', () => seen.runs.at(0)?.state === 'failed');
  hand.change(left);
  await seen.until('run 2', () => seen.runs.at(1)?.state === 'done');
  expect(seen.runs[1]!.change).toEqual({ files: [left], stages: [] });
  hand.change(left);
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toEqual([{ type: 'unchanged', files: [left] }]);
});

test('a change back to the plan of a run that was being cancelled starts it again', async () => {
  const { left, right, hand, seen, options } = setUp();
  const { pipeline, ran } = watchedWorld();
  const watching = pipeline(left, right, { steps: 60, wait: 4 }).watch(options).subscribe(seen.next);
  onTestFinished(() => watching.unsubscribe());
  await seen.until('the training', () => ran.includes('train xy from 0'));
  seen.runs[0]!.events.subscribe((event) => {
    if (event.type !== 'run-end') return;
    writeFileSync(left, 'abc');
    hand.change(left);
  });
  writeFileSync(left, 'other');
  hand.change(left);
  await seen.until('run 2', () => seen.runs.at(1)?.state === 'done');
  expect(await seen.runs[1]!.result()).toMatchObject({ one: 3 });
  expect(seen.runs).toHaveLength(2);
});

test('a volatile stage reads the world once a watch; without a session each plan is a time of its own', async () => {
  let asked = 0;
  const { left, hand, seen, options } = setUp();
  const spec = {
    version: 1,
    inputs: {},
    outputs: { value: kind<number>()('value') },
    options: z.strictObject({}),
    async *run() {
      return { value: ++asked };
    },
  } as const;
  const endpoint = defineStage({ ...spec, name: 'endpoint', volatile: true });
  const file = defineStage({ ...spec, name: 'file', watches: () => [left] });
  const ingot = createIngot({ plugins: [definePlugin({ name: 'p', stages: [endpoint, file] })] });
  const pipeline = ingot.pipeline('p', (g) => ({ a: g.add('endpoint', {}).value, b: g.add('file', {}).value }));
  const store = memoryStore();
  const watching = pipeline.watch({ ...options, store }).subscribe(seen.next);
  await seen.until('run 1', () => seen.runs.at(0)?.state === 'done');
  hand.change(left);
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toEqual([{ type: 'unchanged', files: [left] }]);
  watching.unsubscribe();
  expect(asked).toBe(2);
  await pipeline.run({ store }).result();
  expect(asked).toBe(3);
});
