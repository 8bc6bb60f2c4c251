// Watching, on real files and chokidar: what changed runs again and nothing else; editors, bursts and broken recipes are lived through.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { collect, newFolder } from '../fixtures/watch.js';
import { followed, watchedWorld, type Hooks } from '../fixtures/watched-world.js';
import { watchPipelines, type Pipeline, type WatchOptions } from '../ingot.js';
import { folderStore } from '../store/folder-store.js';
import { memoryStore } from '../store/memory-store.js';
import type { Refs } from './run.js';

const QUIET = 60;
const setUp = (hooks: Hooks = {}) => {
  const folder = newFolder();
  const [left, right] = [join(folder, 'left.txt'), join(folder, 'right.txt')];
  writeFileSync(left, 'abc');
  writeFileSync(right, 'xy');
  const seen = followed();
  const watch = (open: () => Promise<{ pipeline: Pipeline<Refs>; close?(): Promise<void> }>, more?: WatchOptions) => {
    const options = { store: memoryStore(), debounce: QUIET, tell: seen.tell, ...more };
    const subscription = watchPipelines(open, options).subscribe(seen.next);
    onTestFinished(() => subscription.unsubscribe());
    return subscription;
  };
  /** Waits until there are so many runs and the last one is done; what stages ran since the last time. */
  const done = async (count: number) => {
    await seen.until(`run ${count}`, () => seen.runs.length === count && seen.runs[count - 1]!.state === 'done');
    return world.ran.splice(0).sort();
  };
  const world = watchedWorld(hooks);
  return { folder, left, right, seen, watch, done, ...world };
};
const ALL = ['count abc', 'count xy', 'file left.txt', 'file right.txt'];

test('only what a changed file affects runs again; the same content is no news', async () => {
  const { left, right, pipeline, seen, watch, done } = setUp();
  watch(async () => ({ pipeline: pipeline(left, right) }));
  expect(await done(1)).toEqual(ALL);
  expect(seen.runs[0]!.change).toEqual({ files: [], stages: ['left', 'right', 'count-left', 'count-right'] });

  writeFileSync(right, 'xyz');
  expect(await done(2)).toEqual(['count xyz', 'file right.txt']);
  expect(seen.runs[1]!.change).toEqual({ files: [right], stages: ['right', 'count-right'] });
  expect(await seen.runs[1]!.result()).toEqual({ one: 3, two: 3 });

  writeFileSync(right, 'xyz');
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toEqual([{ type: 'unchanged', files: [right] }]);
  expect(seen.runs).toHaveLength(2);
});

test('a file that an editor replaces by rename, or that is gone for a while, is followed', async () => {
  const { folder, left, right, pipeline, seen, watch, done } = setUp();
  watch(async () => ({ pipeline: pipeline(left, right) }));
  await done(1);
  for (const [i, content] of ['one', 'three'].entries()) {
    writeFileSync(join(folder, '.swap'), content);
    renameSync(join(folder, '.swap'), right);
    expect(await done(2 + i)).toEqual([`count ${content}`, 'file right.txt']);
  }
  rmSync(right);
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toMatchObject([
    { type: 'plan-failed', files: [right], error: { message: `nothing at ${right}` } },
  ]);
  writeFileSync(right, 'is back');
  expect(await done(4)).toEqual(['count is back', 'file right.txt']);
});

test('a file in a folder that is still to come is waited for', async () => {
  const { folder, left, pipeline, seen, watch, done } = setUp();
  const late = join(folder, 'deep', 'down', 'late.txt');
  watch(async () => ({ pipeline: pipeline(left, late) }));
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toMatchObject([{ type: 'plan-failed', files: [] }]);
  mkdirSync(join(folder, 'deep'));
  await sleep(3 * QUIET);
  mkdirSync(join(folder, 'deep', 'down'));
  writeFileSync(late, 'late');
  expect(await done(1)).toEqual(['count abc', 'count late', 'file late.txt', 'file left.txt']);
});

test('a burst of writes is one change', async () => {
  const { left, right, pipeline, seen, watch, done } = setUp();
  watch(async () => ({ pipeline: pipeline(left, right) }), { debounce: 150 });
  await done(1);
  for (let i = 0; i < 6; i++) {
    writeFileSync(i % 2 ? left : right, `${i}`);
    await sleep(20);
  }
  expect(await done(2)).toEqual(['count 4', 'count 5', 'file left.txt', 'file right.txt']);
  expect(seen.runs[1]!.change.files).toEqual([left, right]);
});

test('a change cancels the run under way, which ends first and keeps its checkpoint; what is not affected goes on from it', async () => {
  const { left, right, pipeline, seen, watch, done, ran } = setUp();
  watch(async () => ({ pipeline: pipeline(left, right, { steps: 40, wait: 5 }) }));
  await seen.until('the training', () => ran.includes('train xy from 0'));
  await sleep(60);
  writeFileSync(left, 'abcd');
  const again = await done(2);
  const from = again.map((line) => Number(/^train xy from (\d+)$/.exec(line)?.[1] ?? 0)).find(Boolean);
  expect(from).toBeGreaterThan(3);
  expect(seen.notes).toEqual([{ type: 'restart', files: [left], stages: ['left', 'count-left'] }]);
  const first = await collect(seen.runs[0]!);
  expect(first.at(-1)).toMatchObject({ type: 'run-end', ending: 'cancelled' });
  expect(first.at(-1)).toMatchObject({ why: expect.stringContaining(`${left} changed`) as string });
  let sum = 0;
  for (let step = 1; step <= 40; step++) sum = sum * 1.1 + step;
  expect(await seen.runs[1]!.result()).toEqual({ one: 4, two: sum });
});

test('a recipe that is broken for a while leaves the run under way alone; mended, it counts', async () => {
  const { folder, left, right, pipeline, seen, watch, done } = setUp();
  const recipe = join(folder, 'recipe.json');
  writeFileSync(recipe, '{"plus":1}');
  const closed: number[] = [];
  const { readFileSync } = await import('node:fs');
  watch(
    async () => {
      const { plus } = JSON.parse(readFileSync(recipe, 'utf8')) as { plus: number };
      const close = async () => void closed.push(plus);
      return { pipeline: pipeline(left, right, { plus, steps: 100, wait: 5 }), close };
    },
    { paths: [recipe] },
  );
  await seen.until('run 1', () => seen.runs.length === 1);
  writeFileSync(recipe, '{"plus":');
  await seen.until('the note', () => seen.notes.length > 0);
  expect(seen.notes).toMatchObject([{ type: 'plan-failed', files: [recipe], error: { name: 'SyntaxError' } }]);
  expect(seen.runs[0]!.state).toBe('running');
  writeFileSync(recipe, '{"plus":2}');
  await done(2);
  expect(await seen.runs[1]!.result()).toMatchObject({ one: 5 });
  expect(seen.runs[1]!.change).toEqual({ files: [recipe], stages: ['count-left'] });
  expect(closed).toEqual([1]);
});

test('unsubscribing stops watching and cancels the run under way; what was opened is closed when the run has ended', async () => {
  const { left, right, pipeline, seen, watch, ran } = setUp();
  const closed: string[] = [];
  const close = async () => void closed.push(ran.at(-1)!);
  const watching = watch(async () => ({ pipeline: pipeline(left, right, { steps: 1000, wait: 5 }), close }));
  await seen.until('the training', () => ran.includes('train xy from 0'));
  watching.unsubscribe();
  await expect(seen.runs[0]!.result()).rejects.toMatchObject({ code: 'cancelled' });
  await seen.until('the close', () => closed.length > 0);
  expect(closed).toEqual(['train ended']);
  ran.length = 0;
  writeFileSync(right, 'unseen');
  await sleep(5 * QUIET);
  expect(ran).toEqual([]);
  expect(seen.runs).toHaveLength(1);
});

test('an aborted signal ends the watch in order; a store inside of a watched folder is not watched', async () => {
  const { folder, left, right, open, ran } = setUp();
  const abort = new AbortController();
  const ingot = open();
  const pipeline = ingot.pipeline('p', (g) => ({
    one: g.add('count', g.add('file', {}, { path: left }, 'left'), {}, 'one').count,
    two: g.add('count', g.add('file', {}, { path: right }, 'right'), {}, 'two').count,
  }));
  const runs: unknown[] = [];
  const notes: unknown[] = [];
  const store = folderStore(join(folder, '.store'));
  const ended = pipeline
    .watch({ store, paths: [folder], debounce: QUIET, signal: abort.signal, tell: (note) => notes.push(note) })
    .forEach((run) => {
      runs.push(run.change.stages);
      void run.result().then(() => setTimeout(() => abort.abort('enough'), 4 * QUIET));
    });
  await ended;
  expect(runs).toEqual([['left', 'one', 'right', 'two']]);
  expect(notes).toEqual([]);
  expect(ran.splice(0).sort()).toEqual(ALL);
});
