// `ingot doctor`, `init` and `schema`: what they say of the machine, and the recipe that they give.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePlugin } from '@ingot/core';
import { DeviceCandidate } from '@ingot/contracts';
import { referenceDevice } from '@ingot/tensor';
import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { fakeIo } from './fixtures/io.js';
import { testPlugin } from './fixtures/plugin.js';
import { main } from './main.js';

const candidate = (name: string, preference: number, refusal?: string) =>
  DeviceCandidate.part({
    name,
    version: 1,
    options: z.strictObject({}),
    make: () => ({
      name,
      preference,
      refusal: async () => refusal,
      open: async () => {
        if (name !== 'fast') throw new Error('only the chosen one is opened by doctor');
        return { ...referenceDevice(), about: 'fast, some set, 2 threads' };
      },
    }),
  });
const devices = definePlugin({
  name: 'devices',
  parts: [candidate('gpu', 100, 'no driver answers. Install one.'), candidate('fast', 60), candidate('slow', 10)],
});
const given = { plugins: [testPlugin, devices] };

test('doctor --json: machine, devices most wanted first with reasons, store, versions', async () => {
  const io = fakeIo();
  expect(await main(['doctor', '--json'], io, given)).toBe(0);
  const [found] = io.jsonLines();
  expect(found).toMatchObject({
    node: process.versions.node,
    cores: expect.any(Number),
    memory: { total: expect.any(Number), free: expect.any(Number) },
    simd: expect.any(Array),
    device: 'fast',
    devices: [
      { name: 'gpu', refusal: 'no driver answers. Install one.', chosen: false },
      { name: 'fast', chosen: true, about: 'fast, some set, 2 threads' },
      { name: 'slow', chosen: false },
    ],
    store: { path: join(io.cwd, '.ingot'), exists: false, writable: true },
    versions: { node: process.versions.node, ingot: expect.any(String), '@ingot/core': expect.any(String) },
  });
});

test('doctor says what the chosen device is, or why it does not open', async () => {
  const said = async (env: Record<string, string>) => {
    const io = fakeIo({ env });
    await main(['doctor'], io, given);
    return io.stdout();
  };
  expect(await said({})).toContain('fast (chosen): fast, some set, 2 threads');
  expect(await said({ INGOT_DEVICE: 'slow' })).toContain('slow (chosen): it did not open: only the chosen one');
});

test('doctor --build without a compiler: one line that says what to install, and exit code 1', async () => {
  vi.stubEnv('PATH', '');
  vi.stubEnv('CXX', '');
  const io = fakeIo();
  expect(await main(['doctor', '--build'], io, given)).toBe(1);
  expect(io.stdout()).toMatch(/^Native kernels not built: no C\+\+17 compiler .* Install g\+\+ or clang\+\+ .*\n$/);
  const json = fakeIo();
  expect(await main(['doctor', '--build', '--json'], json, given)).toBe(1);
  expect(json.jsonLines()).toMatchObject([{ works: false, state: 'no-compiler' }]);
  vi.unstubAllEnvs();
});

test('INGOT_DEVICE chooses, and one that cannot run is not chosen', async () => {
  const device = async (name: string) => {
    const io = fakeIo({ env: { INGOT_DEVICE: name } });
    await main(['doctor', '--json'], io, given);
    return io.jsonLines()[0]?.['device'];
  };
  expect(await device('slow')).toBe('slow');
  expect(await device('gpu')).toBeUndefined();
});

test('init writes a recipe with its schema line, never over a file; without a name it lists', async () => {
  const io = fakeIo();
  expect(await main(['init'], io, given)).toBe(0);
  expect(io.stdout()).toContain('moby-dick');
  expect(await main(['init', 'moby-dick'], io, given)).toBe(0);
  const text = readFileSync(join(io.cwd, 'moby-dick.yaml'), 'utf8');
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.ingot\/recipe\.schema\.json\n# Moby-Dick/);
  expect(parse(text)).toMatchObject({ name: 'moby-dick' });
  const schema = JSON.parse(readFileSync(join(io.cwd, '.ingot', 'recipe.schema.json'), 'utf8')) as {
    properties: object;
  };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['$schema', 'plugins', 'name', 'seed', 'stages', 'outputs']),
  );
  expect(await main(['init', 'moby-dick'], io, given)).toBe(2);
  expect(io.stderr()).toContain('moby-dick.yaml exists already and is not overwritten');
  expect(await main(['init', 'moby-dik'], io, given)).toBe(2);
  expect(io.stderr()).toContain("Did you mean 'moby-dick'?");
  expect(existsSync(join(io.cwd, 'moby-dik.yaml'))).toBe(false);
});

test('a store below a file is told as not writable', async () => {
  const io = fakeIo();
  writeFileSync(join(io.cwd, 'file'), '');
  expect(await main(['doctor', '--json', '--store', 'file/store'], io, given)).toBe(0);
  expect(io.jsonLines()[0]?.['store']).toMatchObject({ writable: false });
});

test.each([['store', 'ls'], ['store', 'gc'], ['store', 'pin', 'abc'], ['store', 'unpin', 'abc'], ['runs']])(
  '%s %s on a store that is not there is a mistyped path, and nothing is made',
  async (...command) => {
    const io = fakeIo();
    expect(await main([...command, '--store', 'nowhere'], io, given)).toBe(2);
    expect(io.stderr()).toMatch(/There is no store at .*nowhere\. .* Give another --store/);
    expect(existsSync(join(io.cwd, 'nowhere'))).toBe(false);
  },
);
test('the working folder’s own store may be still to come', async () => {
  const io = fakeIo();
  expect(await main(['runs'], io, given)).toBe(0);
  expect(io.stdout()).toContain('No runs yet');
});
