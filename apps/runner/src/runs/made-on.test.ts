// The report says on what device a run's artifacts were made, also when all of them are kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { device, Device } from '@ingot/contracts';
import { definePlugin, defineStage, kind } from '@ingot/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const Name = kind<string>()('test/name');
const named = defineStage({
  name: 'named',
  version: 1,
  inputs: {},
  outputs: { name: Name },
  options: z.strictObject({}),
  needs: { device: Device },
  // oxlint-disable-next-line require-yield -- a stage that only returns a value is a generator all the same
  async *run({ services }) {
    return { name: services.device.name };
  },
});
const given = { plugins: [device('reference'), definePlugin({ name: 'test', stages: [named] })] };
const RECIPE = 'name: tiny\nstages:\n  it: { use: named }\noutputs: { name: it.name }\n';

test('made and kept, the report names the device', async () => {
  const io = fakeIo();
  writeFileSync(join(io.cwd, 'tiny.yaml'), RECIPE);
  for (const time of ['made', 'kept']) {
    const one = fakeIo({ cwd: io.cwd });
    expect(await main(['run', 'tiny.yaml', '--json', '--inline'], one, given), one.stdout() + one.stderr()).toBe(0);
    const folder = join(String(one.jsonLines().at(-1)?.['report']), '..');
    const { machine } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { machine: { device: string } };
    expect(machine.device, time).toMatch(/^plain TypeScript, one thread/);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(machine.device);
  }
});
