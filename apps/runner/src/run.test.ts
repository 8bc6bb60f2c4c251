// `ingot run` and its neighbours on a small plugin: results, reuse, Ctrl-C, JSON, exit codes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeIo, hits, rows, type FakeIo } from './fixtures/io.js';
import { RECIPE, testPlugin } from './fixtures/plugin.js';
import { main } from './main.js';

const given = { plugins: [testPlugin] };
const withRecipe = (io: FakeIo, recipe = RECIPE): FakeIo => {
  writeFileSync(join(io.cwd, 'tiny.yaml'), recipe);
  return io;
};
const ingot = (io: FakeIo, ...argv: string[]) => main(argv, io, given);
const of = (lines: readonly Record<string, unknown>[], type: string) => lines.filter((line) => line['type'] === type);

test('run --json: a plan, events and a result, each on a line; the second run reuses everything and keeps its curves', async () => {
  const first = withRecipe(fakeIo());
  expect(await ingot(first, 'run', 'tiny.yaml', '--store', 'kept', '--json', '--inline')).toBe(0);
  const lines = first.jsonLines();
  expect(lines[0]).toMatchObject({ type: 'plan', name: 'tiny' });
  expect(of(lines, 'metric')).toHaveLength(20);
  expect(of(lines, 'stage-end').map((line) => line['stage'])).toEqual(['corpus', 'base', 'report']);
  expect(lines.at(-1)).toMatchObject({
    type: 'result',
    ending: 'done',
    exitCode: 0,
    outputs: { model: expect.stringMatching(/^[0-9a-f]{64}\.model$/) },
  });

  const second = fakeIo({ cwd: first.cwd });
  expect(await ingot(second, 'run', 'tiny.yaml', '--store', 'kept', '--json', '--inline')).toBe(0);
  const again = second.jsonLines();
  expect(of(again, 'stage-start')).toEqual([]);
  expect(of(again, 'metric').map((line) => line['values'])).toEqual(of(lines, 'metric').map((line) => line['values']));
  const report = readFileSync(String(again.at(-1)?.['report']), 'utf8');
  expect(report).toMatch(/kept \(took/);
  expect(report).toContain('loses to n-gram (1.850)');
});

test('plan says what would run and why, before and after', async () => {
  const io = withRecipe(fakeIo());
  expect(await ingot(io, 'plan', 'tiny.yaml', '--json')).toBe(0);
  expect(io.jsonLines()).toHaveLength(1);
  expect(hits(io)).toEqual([false, false, false]);
  expect(existsSync(join(io.cwd, '.ingot'))).toBe(false);
  expect(await ingot(fakeIo({ cwd: io.cwd }), 'run', 'tiny.yaml', '--inline')).toBe(0);
  const after = fakeIo({ cwd: io.cwd });
  expect(await ingot(after, 'plan', 'tiny.yaml', '--set', 'base.steps=30', '--json')).toBe(0);
  const stages = after.jsonLines()[0]?.['stages'] as { id: string; hit: boolean; why: string }[];
  expect(stages.map((stage) => stage.hit)).toEqual([true, false, false]);
  expect(stages[1]?.why).toContain('20');
  expect(stages[1]?.why).toContain('30');
});

test('Ctrl-C saves, exits 130 and says how to continue; the continued run takes up where it stopped', async () => {
  const io = withRecipe(fakeIo());
  const running = ingot(io, 'run', 'tiny.yaml', '--inline', '--set', 'base.wait=20');
  const started = async () => {
    while (!io.stderr().includes('step 1 of 20')) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await started();
  io.interrupt();
  expect(await running).toBe(130);
  expect(io.stderr()).toContain('Continue with:\n  ingot run tiny.yaml --set base.wait=20\n');
  const next = fakeIo({ cwd: io.cwd });
  expect(await ingot(next, 'run', 'tiny.yaml', '--inline', '--json')).toBe(0);
  expect(of(next.jsonLines(), 'stage-cached').map((line) => line['stage'])).toEqual(['corpus']);
  expect(of(next.jsonLines(), 'metric').filter((line) => line['replayed'] === false).length).toBeLessThan(20);
  const runs = fakeIo({ cwd: io.cwd });
  expect(await ingot(runs, 'runs', '--json')).toBe(0);
  expect(rows<{ ending: string }>(runs, 'runs').map((run) => run.ending)).toEqual(['cancelled', 'done']);
});

test('a second Ctrl-C quits at once', async () => {
  const io = withRecipe(fakeIo());
  const running = ingot(io, 'run', 'tiny.yaml', '--inline', '--set', 'base.wait=20');
  while (!io.stderr().includes('step 1 of 20')) await new Promise((resolve) => setTimeout(resolve, 5));
  io.interrupt();
  io.interrupt();
  expect(io.exits).toEqual([130]);
  await running;
});

test('a failing stage: exit 1, its own words, finished stages kept', async () => {
  const io = withRecipe(fakeIo());
  expect(await ingot(io, 'run', 'tiny.yaml', '--inline', '--set', 'base.failAt=3')).toBe(1);
  expect(io.stderr()).toContain('wanted a finite loss, got NaN. Try a smaller lr.');
  expect(io.stderr()).toContain('continue with:\n  ingot run tiny.yaml --set base.failAt=3');
  const next = fakeIo({ cwd: io.cwd });
  await ingot(next, 'plan', 'tiny.yaml', '--json');
  expect(hits(next)).toEqual([true, false, false]);
});

test('plain logs carry no escape codes, and a live view does its drawing on the error stream', async () => {
  const plain = withRecipe(fakeIo());
  await ingot(plain, 'run', 'tiny.yaml', '--inline');
  // eslint-disable-next-line no-control-regex
  expect(plain.stderr()).not.toMatch(/\u001b/);
  expect(plain.stderr()).toContain('step 20 of 20');
  const live = withRecipe(fakeIo({ tty: true }));
  await ingot(live, 'run', 'tiny.yaml', '--inline', '--set', 'base.wait=10');
  expect(live.stderr()).toMatch(/step \d+\/20/);
  expect(live.stdout()).toBe('');
});

test('usage: unknown commands and options exit 2 with near misses; help and version exit 0', async () => {
  const io = fakeIo();
  expect(await ingot(io, 'rnu')).toBe(2);
  expect(io.stderr()).toContain('Did you mean run?');
  expect(await ingot(fakeIo(), 'run')).toBe(2);
  expect(await ingot(fakeIo(), 'run', 'x.yaml', '--jsno')).toBe(2);
  const help = fakeIo();
  expect(await ingot(help, '--help')).toBe(0);
  expect(help.stdout()).toContain('Exit codes: 0 done; 1 failed; 2 wrong command');
  expect(await ingot(fakeIo(), '--version')).toBe(0);
});

test('stages tells ports, options, defaults and docs; report writes the page again', async () => {
  const io = fakeIo();
  expect(await ingot(io, 'stages', '--json')).toBe(0);
  const { stages, parts } = io.jsonLines()[0] as { stages: { name: string }[]; parts: { name: string }[] };
  expect(stages.find((stage) => stage.name === 'text')).toMatchObject({
    about: 'Reads one text.',
    outputs: { text: 'test/text' },
    options: [
      { name: 'path', type: 'string', required: true, about: 'File to read' },
      { name: 'lower', default: false, required: false },
    ],
  });
  expect(parts.map((part) => part.name)).toEqual(['even', 'scaled']);
  expect(await ingot(fakeIo(), 'stages', 'trian')).toBe(2);

  const ran = withRecipe(fakeIo());
  await ingot(ran, 'run', 'tiny.yaml', '--inline');
  const report = fakeIo({ cwd: ran.cwd });
  expect(await ingot(report, 'report', 'last', '--out', 'out/page.html')).toBe(0);
  expect(readFileSync(join(ran.cwd, 'out/page.html'), 'utf8')).toContain('<!doctype html>');
  expect(await ingot(fakeIo({ cwd: ran.cwd }), 'report', 'nothing-like-it')).toBe(2);
});
