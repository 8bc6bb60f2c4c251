// The course of the main job on stand-ins: a size is measured and kept, the run is reported, the second start reuses everything.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { mobyPlugin } from '../fixtures/moby-plugin.js';
import { mainJob } from './main-job.js';

const options = { seconds: 0.3, plugins: [mobyPlugin] };

test('first start: chooses a size, trains, says who wins, writes the report, says what to try; second start: everything is kept', async () => {
  const first = fakeIo();
  expect(await mainJob(first, options)).toBe(0);
  const said = first.stderr();
  expect(said).toMatch(
    /Finding the size.*\n {2}pocket .* ms a step, \d+ steps in 0.165 s\n {2}tiny .*\n(?:.*\n)* {2}\w+ it is; it samples a token in [\d.]+ ms\n/,
  );
  expect(said).toContain(
    'The model needs 2.400 bits per byte of text it never saw: it beats gzip -9 (3.300) and loses to 5-gram (2.200).',
  );
  expect(said).toMatch(
    /answered at every age\n\nCall me\n {2}base {5}Ishmael, says base\.\n {2}sft .*\n {2}aligned .*\n {2}int8 /,
  );
  expect(said).toContain('aligned scores 1.000 more than sft.');
  expect(said).toContain('it did not make it wise');
  expect(said).toMatch(/Report \.ingot\/runs\/.*report\.html/);
  expect(said).toMatch(/npx ingot sample --model [0-9a-f]{12}\.model --prompt 'Call me'/);
  expect(said).toMatch(/npx ingot align kto --model [0-9a-f]{12}\.model/);

  const kept = readdirSync(join(first.cwd, '.ingot', 'calibration'));
  expect(kept).toHaveLength(1);
  const second = fakeIo({ cwd: first.cwd });
  expect(await mainJob(second, options)).toBe(0);
  expect(second.stderr()).toContain('chosen before on this machine');
  expect(second.stderr()).toContain('15 stages, 15 kept in the store');
  const report = readFileSync(join(first.cwd, /Report (\S+)/.exec(second.stderr())?.[1] ?? ''), 'utf8');
  expect(report).toContain('beats gzip -9 (3.300)');
  expect(report).toContain('it did not make it wise');
  expect(report).toContain('15 / 15');
  expect(report).toContain('"title":"Loss"');
});

test('another device, or another time, measures anew', async () => {
  const io = fakeIo();
  await mainJob(io, options);
  await mainJob(fakeIo({ cwd: io.cwd, env: { INGOT_THREADS: '1' } }), options);
  await mainJob(fakeIo({ cwd: io.cwd }), { ...options, seconds: 0.2 });
  expect(readdirSync(join(io.cwd, '.ingot', 'calibration'))).toHaveLength(3);
  const asked = fakeIo({ cwd: io.cwd });
  await mainJob(asked, { ...options, measure: true });
  expect(asked.stderr()).toContain('Finding the size');
  expect(readdirSync(join(io.cwd, '.ingot', 'calibration'))).toHaveLength(3);
});

test('Ctrl-C while measuring ends with 130 and keeps no half answer', async () => {
  const io = fakeIo();
  const running = mainJob(io, options);
  await new Promise((resolve) => setTimeout(resolve, 30));
  io.interrupt();
  expect(await running).toBe(130);
});
