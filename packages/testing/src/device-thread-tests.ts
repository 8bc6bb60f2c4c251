// Threads in the device contract suite: a device that opens with any number of them gives the same bits with each.
import type { Device, Storage } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { kernelCases } from './device-kernel-cases.js';
import { primitiveCases } from './device-primitive-cases.js';
import { runCase } from './device-run-case.js';

/** Registers the test: every primitive and every kernel with 1 and with 2 threads. */
export function threadTests(openWithThreads: (threads: number) => Device | Promise<Device>): void {
  test('threads: every primitive and every kernel has the same bits with 1 and 2 threads', async () => {
    const bits = async (threads: number): Promise<ReadonlyMap<string, readonly (readonly number[])[]>> => {
      const device = await openWithThreads(threads);
      const kernels = device.kernels as Required<Device['kernels']>;
      const all = new Map(
        primitiveCases.map(({ name, run }) => [name, runCase(device, (keep) => run(device, keep))] as const),
      );
      for (const { kernel, name, run } of kernelCases) {
        const forward = kernel.replace('Backward', '') as typeof kernel;
        if (kernels[kernel] === undefined || kernels[forward] === undefined) continue;
        all.set(
          `kernel ${name}`,
          runCase(device, (keep: (x: Storage) => Storage) => run(device, kernels, keep)),
        );
      }
      device.dispose();
      return all;
    };
    const [one, two] = [await bits(1), await bits(2)];
    expect(one.size).toBeGreaterThanOrEqual(primitiveCases.length);
    for (const [name, numbers] of one) expect(two.get(name), name).toEqual(numbers);
  });
}
