// Workers that are ended in the middle of a training step, one after another: the process lives on, ends by itself, and keeps nothing of them.
import { expect, it } from 'vitest';
import { ourDevices, skipUnlessBuilt } from './our-devices.js';
import { runForJson } from './run-program.js';

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;
/** What resident memory may rise by between the second and the last third of fifty workers. Packed panels that each left behind would be 50 MB, arenas more. */
const ALLOWED = 20e6;

/** One test a device, with so many workers; resident memory is judged from thirty on. */
export const terminatedWorkers = (count: number): void =>
  it.for(ourDevices)(`%s: ${count} workers ended in the middle of a step`, async (device, { skip }) => {
    skipUnlessBuilt(device, skip);
    const resident = await runForJson<number[]>('terminate.mjs', [device, String(count)], 240_000);
    expect(resident).toHaveLength(count);
    const third = Math.floor(count / 3);
    const rise = median(resident.slice(-third)) - median(resident.slice(third, 2 * third));
    if (count < 30) return;
    console.log(`${device}: ${count} workers, resident memory rose by ${(rise / 1e6).toFixed(1)} MB`);
    expect(rise).toBeLessThan(ALLOWED);
  });
