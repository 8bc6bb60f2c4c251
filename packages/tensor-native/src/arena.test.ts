// The arena under random makes and drops: what an array holds stays until it is dropped, whatever is made and dropped around it.
import { philox4x32, type Device, type Storage } from '@ingot/tensor';
import { describe, expect, test } from 'vitest';
import { nativeDevice } from './device.js';
import { findAddon } from './load-addon.js';
import { wasmAddon } from './wasm/addon.js';
import { compileBuild } from './wasm/module.js';
import { surroundings } from './wasm/surroundings.js';
import { wasmDevice } from './wasm/index.js';

const devices: [string, Device][] = [['wasm', await wasmDevice({ threads: 1 })]];
if (findAddon()) devices.push(['native', nativeDevice({ threads: 1 })]);

const ROUNDS = 6000;
/** Most arrays are small, some are not: powers of two up to 2^17, and what lies between. */
const lengthOf = (a: number, b: number): number => 1 + (b % 2 ** (1 + (a % 17)));

describe.each(devices)('%s', (_name, device) => {
  test(`${ROUNDS} random makes and drops keep every array as it was written`, () => {
    const held: { readonly at: Storage; readonly mark: number }[] = [];
    const drop = (which: number): void => {
      const [{ at, mark }] = held.splice(which, 1) as [(typeof held)[number]];
      const numbers = device.download(at);
      const wrong = numbers.findIndex((x, i) => x !== (mark + i) % 65521);
      expect(wrong, `array of ${at.length} made in round ${mark}`).toBe(-1);
      device.free(at);
    };
    for (let round = 0; round < ROUNDS; round++) {
      const [what, which, power, size] = philox4x32([round, 0, 0, 0], [0xa3e4a, 1]);
      if (round % 250 === 249) device.trim?.();
      // The number held swings between few and many.
      if (held.length > 0 && what % 100 < (Math.floor(round / 500) % 2 ? 60 : 35)) drop(which % held.length);
      else {
        const data = Float32Array.from({ length: lengthOf(power, size) }, (_, i) => (round + i) % 65521);
        held.push({ at: device.upload(data), mark: round });
      }
    }
    while (held.length > 0) drop(0);
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  });
});

// Linux counts the pages of a process; elsewhere the call is only a wish.
test.runIf(process.platform === 'linux' && findAddon())(
  'native: trim gives what was dropped back to the system, between arrays that stay',
  () => {
    const device = nativeDevice({ threads: 1 });
    const length = 1 << 20; // 4 MiB
    const made = Array.from({ length: 24 }, (_, i) => device.upload(new Float32Array(length).fill(i + 1)));
    const stay = made.filter((_, i) => i % 4 === 0);
    for (const one of made) if (!stay.includes(one)) device.free(one);
    const held = process.memoryUsage.rss();
    device.trim!();
    // 72 MiB were dropped; what else the process does meanwhile is a few.
    expect(held - process.memoryUsage.rss()).toBeGreaterThan(48 << 20);
    stay.forEach((one, i) => {
      const numbers = device.download(one);
      expect(numbers.every((x) => x === 4 * i + 1)).toBe(true);
      device.free(one);
    });
    device.trim!();
    expect(device.download(device.upload(Float32Array.of(1, 2, 3)))).toEqual(Float32Array.of(1, 2, 3));
  },
);

test('wasm: arrays of two gigabytes and more are made or refused, and those beside them stay apart', async () => {
  const { read, start } = await surroundings();
  const compiled = await compileBuild('simd128', false, read);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65535 });
  const addon = wasmAddon('simd128', compiled!.module, memory, start);
  const small = Float32Array.from({ length: 100 }, (_, i) => i);
  const store = (): number => {
    const handle = addon.make(small.length);
    addon.move(handle, small, 0, true);
    return handle;
  };
  const kept = [store()];
  // Never touched, so that they cost no memory here.
  for (const length of [2 ** 29, 2 ** 29 + 12345, 900_000_000, 2 ** 30 - 1]) {
    const large = addon.make(length);
    kept.push(store());
    if (large >= 0) expect(addon.drop(large)).toBe(true);
    kept.push(store());
  }
  for (const handle of kept) {
    const back = new Float32Array(small.length);
    addon.move(handle, back, 0, false);
    expect([...back]).toEqual([...small]);
  }
});
