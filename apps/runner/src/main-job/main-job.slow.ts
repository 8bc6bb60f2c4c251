// The main job with everything real, on the device at hand, in less time than it takes: from nothing to a report, and again from the store.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';
import { mainJob } from './main-job.js';

test('npm start: trains, measures beside both baselines, writes the report; again in seconds; its model samples and exports', async () => {
  const first = fakeIo();
  expect(await mainJob(first, { seconds: 8, inline: true })).toBe(0);
  expect(first.stderr()).toMatch(
    /The model 'base' needs \d\.\d{3} bits per byte of text it never saw: it .* (beats|loses to) byte 5-gram with back-off \(\d\.\d{3}\) and (beats|loses to) gzip -9 \(\d\.\d{3}\)\./,
  );

  const second = fakeIo({ cwd: first.cwd });
  const began = performance.now();
  expect(await mainJob(second, { seconds: 8, inline: true })).toBe(0);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(second.stderr()).toContain('15 stages, 15 kept in the store');
  const verdict = (text: string) => [...text.matchAll(/The model 'base' needs .*/g)].at(-1)?.[0];
  expect(verdict(second.stderr())).toBe(verdict(first.stderr()));
  const report = readFileSync(join(first.cwd, /Report (\S+)/.exec(second.stderr())?.[1] ?? ''), 'utf8');
  for (const title of ['Loss', 'Bits per byte', 'Learning rate', 'Gradient norm', 'Throughput'])
    expect(report).toContain(`"title":"${title}"`);

  const artifact = /--model (\S+)/.exec(second.stderr())?.[1] ?? '';
  const say = async (...argv: string[]) => {
    const io = fakeIo({ cwd: first.cwd });
    expect(await main(argv, io)).toBe(0);
    return io.jsonLines().at(-1);
  };
  const how = ['--prompt', 'Call me', '--tokens', '20', '--temperature', '0.7', '--seed', '3', '--json'];
  const stored = await say('sample', '--model', artifact, ...how);
  await say('store', 'export', artifact, 'folder', '--json');
  const exported = await say('sample', '--model', 'folder', ...how);
  expect(exported?.['text']).toBe(stored?.['text']);
});
