// Which device is taken, and what is said when it cannot be.
import { createIngot, definePlugin, defineStage, kind } from '@ingot/core';
import { referenceDevice } from '@ingot/tensor';
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  DeviceCandidate,
  Device,
  device,
  openDevice,
  surveyDevices,
  wantedDevice,
  wantedThreads,
  type DeviceCandidateValue,
} from './index.js';

const candidate = (name: string, preference: number, refusal?: string): DeviceCandidateValue => ({
  name,
  preference,
  refusal: async () => refusal,
  open: async ({ threads }) => ({ ...referenceDevice(), name, about: `${name} with ${threads ?? 'all'} threads` }),
});
const gpu = candidate('gpu', 100, 'no driver');
const fast = candidate('fast', 60);
const slow = candidate('slow', 0);

test('auto takes the best that can run, and says which better one was refused', async () => {
  const { device: opened, note } = await openDevice([slow, gpu, fast], 'auto', { threads: 2 });
  expect([opened.name, opened.about]).toEqual(['fast', 'fast with 2 threads']);
  expect(note).toBe("Device 'fast' is used; better ones cannot run here: 'gpu': no driver");
  expect((await openDevice([slow, fast], 'auto')).note).toBeUndefined();
});
test('auto goes on when a device does not open', async () => {
  const broken = {
    ...fast,
    open: async () => {
      throw new Error('out of memory\n at …');
    },
  };
  expect(await openDevice([broken, slow], 'auto')).toMatchObject({
    device: { name: 'slow' },
    note: expect.stringContaining("'fast' did not open: out of memory"),
  });
});
test('when none can run, every refusal is listed', async () => {
  await expect(openDevice([gpu, candidate('npu', 90, 'no such chip')], 'auto')).rejects.toMatchObject({
    code: 'missing-service',
    message: expect.stringMatching(/'gpu': no driver[^]*'npu': no such chip/),
  });
});
test('an unknown name gives near misses; a refused one its reason', async () => {
  await expect(openDevice([gpu, fast], 'fats')).rejects.toMatchObject({
    code: 'unknown-name',
    message: expect.stringContaining("Did you mean 'fast'?"),
  });
  await expect(openDevice([gpu], 'gpu')).rejects.toMatchObject({
    code: 'missing-service',
    message: expect.stringContaining('no driver'),
  });
});
test('the survey lists all, best first, and survives a candidate that throws', async () => {
  const throwing = {
    ...candidate('odd', 50),
    refusal: async () => {
      throw new Error('boom');
    },
  };
  expect(await surveyDevices([slow, throwing, gpu])).toEqual([
    { name: 'gpu', preference: 100, refusal: 'no driver' },
    { name: 'odd', preference: 50, refusal: 'it failed when it was asked: boom' },
    { name: 'slow', preference: 0, refusal: undefined },
  ]);
});
test('an argument wins over the environment, which wins over auto', () => {
  expect([
    wantedDevice('a', { INGOT_DEVICE: 'b' }),
    wantedDevice('auto', { INGOT_DEVICE: 'b' }),
    wantedDevice(undefined, {}),
  ]).toEqual(['a', 'b', 'auto']);
  expect([
    wantedThreads(3, { INGOT_THREADS: '2' }),
    wantedThreads(undefined, { INGOT_THREADS: '2' }),
    wantedThreads(undefined, {}),
  ]).toEqual([3, 2, undefined]);
  for (const threads of ['0', 'two', '1.5', '-1'])
    expect(() => wantedThreads(undefined, { INGOT_THREADS: threads })).toThrow(/whole number from 1/);
});
test('the plugin binds the device for stages', async () => {
  const Word = kind<string>()('word');
  const name = defineStage({
    name: 'name',
    version: 1,
    inputs: {},
    outputs: { word: Word },
    needs: { device: Device },
    options: z.strictObject({}),
    async *run({ services }) {
      return { word: services.device.name };
    },
  });
  const offers = definePlugin({
    name: '@me/device',
    parts: [DeviceCandidate.part({ name: 'fast', version: 1, options: z.strictObject({}), make: () => fast })],
  });
  const nameWith = async (wanted: string): Promise<string> => {
    const ingot = createIngot({
      plugins: [device(wanted), offers, definePlugin({ name: '@me/name', stages: [name] })],
    });
    try {
      return (
        await ingot
          .pipeline('p', (g) => g.add('name', {}))
          .run()
          .result()
      ).word;
    } finally {
      await ingot.dispose();
    }
  };
  expect([await nameWith('reference'), await nameWith('fast')]).toEqual(['reference', 'fast']);
});
