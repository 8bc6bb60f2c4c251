// Two devices in one process: each keeps the instruction set that it was opened with, and neither frees what is the other's.
import { matmul, scope, tensor, type Device } from '@ingot/tensor';
import { testNumbers } from '@ingot/testing';
import { describe, expect, it } from 'vitest';
import { nativeDevice } from './device.js';
import { findAddon, loadAddon } from './load-addon.js';

const [M, K, N] = [37, 301, 41];
const product = (device: Device): Float32Array | Int32Array =>
  scope(() =>
    matmul(tensor(device, testNumbers([M, K], 1), [M, K]), tensor(device, testNumbers([K, N], 2), [K, N])).read(),
  );

describe.skipIf(!findAddon())('native, where its addon is built', () => {
  it('a device keeps its instruction set when another is opened with a different one', ({ skip }) => {
    const [best = '', ...others] = loadAddon().open('', 1).sets;
    const worst = others.at(-1);
    if (worst === undefined) return skip('this machine runs one instruction set');
    const first = nativeDevice({ set: worst, threads: 1 });
    const before = product(first);
    const second = nativeDevice({ set: best, threads: 2 });
    const fused = product(second);
    expect(product(first)).toEqual(before);
    expect(product(second)).toEqual(fused);
    // Fused multiply-adds round once, so these bits tell the sets apart.
    expect(fused).not.toEqual(before);
  });

  it('arrays are counted by device', () => {
    const [first, second] = [nativeDevice({ threads: 1 }), nativeDevice({ threads: 2 })];
    const x = first.upload(Float32Array.of(1, 2, 3));
    const y = second.upload(Float32Array.of(4, 5));
    expect([first.memory().bytes, second.memory().bytes]).toEqual([12, 8]);
    first.free(x);
    expect([...second.download(y)]).toEqual([4, 5]);
    second.free(y);
    expect([first.memory().arrays, second.memory().arrays]).toEqual([0, 0]);
  });
});
