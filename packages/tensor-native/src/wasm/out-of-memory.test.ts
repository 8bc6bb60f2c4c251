// Memory that runs out inside of a kernel, at whatever point: an error that says so, nothing left behind, and the device goes on.
import { isTensorError, type Device, type Kernels, type Storage } from '@ingot/tensor';
import { testNumbers } from '@ingot/testing';
import { expect, test } from 'vitest';
import { deviceOver } from '../device-over.js';
import { wasmAddon } from './addon.js';
import { compileBuild } from './module.js';
import { surroundings } from './surroundings.js';

const PAGE = 65536;
const here = await surroundings();
const compiled = (await compileBuild('simd128', true, here.read))!;

/** A device of two threads over so many pages. */
const open = async (pages: number): Promise<Device> => {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: pages, shared: true });
  const addon = wasmAddon('simd128', compiled.module, memory, here.start);
  const limit = pages * PAGE;
  const device = deviceOver(addon, { name: 'wasm', threads: 2, set: '', limit, dispose: () => addon.dispose() });
  await addon.ready();
  return device;
};

const [T, heads, headSize] = [1000, 2, 2];
const [rows, inputs, outputs] = [500, 64, 700];

/** Attention forward and backward, then the loss; frees what it made, whatever happens. The number of its steps that were done. */
const work = (device: Device): number => {
  const kernels = device.kernels as Kernels;
  const made: Storage[] = [];
  const keep = <One extends Storage>(one: One): One => {
    made.push(one);
    return one;
  };
  const put = (length: number, seed: number): Storage => keep(device.upload(testNumbers([length], seed)));
  let done = 0;
  try {
    const qkv = put(T * 3 * heads * headSize, 1);
    const spec = {
      batch: 1,
      length: T,
      heads,
      kvHeads: heads,
      headSize,
      scale: 1,
      causal: true,
      qkv,
      documents: undefined,
    };
    const { y, logSumExp } = kernels.attention(spec);
    keep(y);
    keep(logSumExp);
    done++;
    keep(kernels.attentionBackward({ ...spec, y, logSumExp, dy: put(y.length, 2) }));
    done++;
    const targets = keep(device.upload(Int32Array.from({ length: rows }, (_, i) => i % outputs)));
    const loss = { x: put(rows * inputs, 3), weight: put(outputs * inputs, 4), targets, rows, inputs, outputs };
    const forward = kernels.linearCrossEntropy(loss);
    keep(forward.loss);
    keep(forward.logSumExp);
    done++;
    const dLoss = put(rows, 5);
    keep(kernels.linearCrossEntropyBackward({ ...loss, logSumExp: forward.logSumExp, dLoss, dWeight: undefined }));
    done++;
  } finally {
    for (const one of made) device.free(one);
  }
  return done;
};

/** Arrays of 64 KB, as many as there is memory for. */
const fill = (device: Device): Storage[] => {
  const all: Storage[] = [];
  for (;;)
    try {
      all.push(device.zeros('f32', 16_000));
    } catch (error) {
      if (!isTensorError(error) || error.code !== 'out-of-memory') throw error;
      return all;
    }
};

test('memory that runs out in a kernel is said, and what was made before is given back', async () => {
  const device = await open(600);
  const ballast = fill(device);
  const most = ballast.length;
  const places = new Set<string>();
  const attempt = (): string => {
    const before = device.memory();
    try {
      return `${work(device)} done`;
    } catch (error) {
      if (!isTensorError(error)) throw error;
      return error.message;
    } finally {
      expect(device.memory()).toMatchObject({ arrays: before.arrays, bytes: before.bytes });
    }
  };
  for (;;) {
    const first = attempt();
    // What the first attempt left behind would make the second end elsewhere.
    expect(attempt(), `${ballast.length} arrays beside it`).toBe(first);
    places.add(first.replace(/beside the \d+/, ''));
    if (first === '4 done') break;
    expect(first).toMatch(/got none left beside the \d+ in use/);
    device.free(ballast.pop()!);
    device.free(ballast.pop()!);
  }
  // It ran out at many places before there was enough.
  expect(places.size).toBeGreaterThanOrEqual(4);
  for (const one of ballast) device.free(one);
  const again = fill(device);
  expect(again.length).toBe(most);
  for (const one of again) device.free(one);
  expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  device.dispose();
});
