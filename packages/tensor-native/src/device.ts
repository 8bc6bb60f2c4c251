// The device `native`: our C++ kernels in this process.
import { availableParallelism } from 'node:os';
import { TensorError, type Device } from '@ingot/tensor';
import type { Addon } from './addon.js';
import { Caller } from './caller.js';
import { kernels } from './kernels.js';
import { loadAddon } from './load-addon.js';
import { primitives } from './primitives.js';
import type { NativeStorage } from './storage.js';

export interface NativeOptions {
  /** All cores unless said. Results do not depend on it. */
  readonly threads?: number;
  /** 'avx512', 'avx2', 'sse2', 'neon'; the best that runs here unless said, or INGOT_SIMD. */
  readonly set?: string;
}

/** Opens the device. Throws TensorError `bad-option` for an instruction set that this machine does not run, and as `loadAddon` does. */
export const nativeDevice = ({
  threads = availableParallelism(),
  set = process.env['INGOT_SIMD'] ?? '',
}: NativeOptions = {}): Device => deviceOver(loadAddon(), threads, set);

const deviceOver = (addon: Addon, threads: number, wanted: string): Device => {
  const { set, sets, kernels: names } = addon.open(wanted, threads);
  if (set === undefined)
    throw new TensorError('bad-option', 'native', {
      wanted: `an instruction set that runs here (${sets.join(', ')})`,
      got: wanted,
      try: 'leave INGOT_SIMD unset',
    });
  const caller = new Caller(addon, names);
  const basic = primitives(addon, caller);
  return {
    name: 'native',
    about: `native, ${set}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    precision: 'fp32',
    rowInvariant: true,
    ...basic,
    kernels: kernels(
      caller,
      (data) => basic.upload(data) as NativeStorage,
      (made) => basic.free(made),
    ),
    dispose: () => undefined,
  };
};
