// `ingot watch` on real files: what an edit of the recipe or an input runs again, what it says, how it lives through mistakes, and Ctrl-C.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { definePlugin, defineStage, kind, metric } from '@ingot/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const Letters = kind<string>()('letters');
const plugin = (ran: string[]) => {
  const file = defineStage({
    name: 'file',
    version: 1,
    inputs: {},
    outputs: { text: Letters },
    options: z.strictObject({}),
    view: z.strictObject({ path: z.string() }),
    fingerprint: async ({ path }) => readFileSync(path, 'utf8'),
    watches: ({ path }) => [path],
    async *run({ view }) {
      ran.push('file');
      return { text: readFileSync(view.path, 'utf8') };
    },
  });
  const count = defineStage({
    name: 'count',
    version: 1,
    inputs: { text: Letters },
    outputs: { count: kind<number>()('count') },
    options: z.strictObject({ times: z.int().default(1) }),
    view: z.strictObject({ wait: z.number().default(0) }),
    async *run({ inputs, options, view, signal }) {
      ran.push('count');
      for (let step = 1; step <= options.times; step++) {
        signal.throwIfAborted();
        if (view.wait > 0) await sleep(view.wait);
        yield metric(step, { loss: step });
      }
      return { count: inputs.text.length * options.times };
    },
  });
  return definePlugin({ name: 'files', stages: [file, count] });
};
const recipeOf = (path: string, times = 1, wait = 0) =>
  `name: watched\nstages:\n  text: { use: file, how: { path: '${path}' } }\n  count: { use: count, from: { text: text.text }, how: { times: ${times}, wait: ${wait} } }\noutputs: { count: count.count }\n`;
const setUp = (...more: string[]) => {
  const io = fakeIo();
  const [recipe, text] = [join(io.cwd, 'tiny.yaml'), join(io.cwd, 'text.txt')];
  const ran: string[] = [];
  writeFileSync(text, 'abc');
  writeFileSync(recipe, recipeOf(text));
  const start = () =>
    main(['watch', 'tiny.yaml', '--inline', '--debounce', '60', ...more], io, { plugins: [plugin(ran)] });
  const until = async (what: string, so: () => boolean) => {
    for (let waited = 0; waited < 5000 && !so(); waited += 5) await sleep(5);
    expect(so(), `never came: ${what}; said: ${io.stderr()}${io.stdout()}`).toBe(true);
  };
  const times = (words: string) => io.stderr().split(words).length - 1;
  return { io, recipe, text, ran, start, until, times };
};
const IDLE = 'Watching for changes; Ctrl-C ends.';

test('an edit of an input, then of the recipe, runs what it touches; a broken recipe is told with its line; Ctrl-C ends with 0', async () => {
  const { io, recipe, text, ran, start, until, times } = setUp();
  const ended = start();
  await until('the first run', () => times(IDLE) === 1);
  expect(ran.splice(0)).toEqual(['file', 'count']);

  writeFileSync(text, 'abcd');
  await until('the second run', () => times(IDLE) === 2);
  expect(ran.splice(0)).toEqual(['file', 'count']);
  expect(io.stderr()).toContain('text.txt changed: it touches text, count.\n');

  writeFileSync(recipe, recipeOf(text, 2));
  await until('the third run', () => times(IDLE) === 3);
  expect(ran.splice(0)).toEqual(['count']);
  expect(io.stderr()).toContain('tiny.yaml changed: it touches count.\n');

  writeFileSync(recipe, recipeOf(text, 2).replace('times: 2', 'tmes: 2'));
  await until('the error', () => times('waiting for the next change') === 1);
  expect(io.stderr()).toMatch(/error tiny\.yaml:4:\d+: .*'tmes'/);
  writeFileSync(recipe, `# a comment\n${recipeOf(text, 2)}`);
  await until('the note', () => times('tiny.yaml changed, and nothing that is made of it.') === 1);
  expect(ran).toEqual([]);

  io.interrupt();
  expect(await ended).toBe(0);
});

test('a change stops the run under way without a word of how to continue it; Ctrl-C in a run saves and ends with 130', async () => {
  const { io, recipe, text, start, until, times } = setUp();
  writeFileSync(recipe, recipeOf(text, 1000, 5));
  const ended = start();
  await until('the first steps', () => times('step 1') >= 1);
  writeFileSync(recipe, recipeOf(text, 999, 5));
  await until('the restart', () => times('count      started') === 2);
  expect(io.stderr()).toContain('tiny.yaml changed: it touches count. The run under way is stopped and saved.\n');
  expect(io.stderr()).not.toContain('Continue with');
  io.interrupt();
  expect(await ended).toBe(130);
  expect(io.stderr()).toContain('Continue with:\n  ingot run tiny.yaml\n');
});

test('--json: changes, plans, events and results, each on a line', async () => {
  const { io, text, start, until } = setUp('--json');
  const of = (type: string) => io.jsonLines().filter((line) => line['type'] === type);
  const ended = start();
  await until('a result', () => of('result').length === 1);
  writeFileSync(text, 'abcd');
  await until('two results', () => of('result').length === 2);
  expect(of('watch-run').map(({ stages }) => stages)).toEqual([
    ['text', 'count'],
    ['text', 'count'],
  ]);
  expect(of('watch-run')[1]).toMatchObject({ files: [text] });
  expect(of('plan')).toHaveLength(2);
  expect(of('run-end').map(({ ending }) => ending)).toEqual(['done', 'done']);
  io.interrupt();
  expect(await ended).toBe(0);
});

test('a recipe that is not there is a mistyped path: exit 2', async () => {
  const io = fakeIo();
  expect(await main(['watch', 'nowhere.yaml'], io, { plugins: [] })).toBe(2);
  expect(io.stderr()).toContain("Recipe 'nowhere.yaml' cannot be read: there is no such file");
});
