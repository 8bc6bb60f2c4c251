// A device over compiled kernels, wherever they run: in the addon or in WebAssembly.
import { TensorError, type Device } from '@ingot/tensor';
import type { Addon } from './addon.js';
import { Caller } from './caller.js';
import { kernels } from './kernels.js';
import { primitives } from './primitives.js';
import type { NativeStorage } from './storage.js';

export interface Over {
  readonly name: string;
  readonly threads: number;
  /** The instruction set that is wanted; '' for the best that runs here. */
  readonly set: string;
  /** Bytes that it can ever hold. */
  readonly limit?: number;
  dispose(): void;
}

/** The device. Throws TensorError `bad-option` for an instruction set that does not run here. */
export const deviceOver = (addon: Addon, { name, threads, set: wanted, limit, dispose }: Over): Device => {
  const { set, sets, kernels: names, first } = addon.open(wanted, threads);
  if (set === undefined)
    throw new TensorError('bad-option', name, {
      wanted: `an instruction set that runs here (${sets.join(', ')})`,
      got: wanted,
      try: 'leave INGOT_SIMD unset',
    });
  const caller = new Caller(addon, new Map(names.map((kernel, i) => [kernel, (first ?? 0) + i])), name, limit);
  const basic = primitives(addon, caller);
  return {
    name,
    about: `${name}, ${set}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    precision: 'fp32',
    rowInvariant: true,
    ...(limit === undefined ? {} : { limit }),
    ...basic,
    kernels: kernels(
      caller,
      (data) => basic.upload(data) as NativeStorage,
      (made) => basic.free(made),
    ),
    dispose,
  };
};
