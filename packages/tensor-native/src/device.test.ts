// The device contract, on every instruction set that this machine runs.
import { deviceSuite } from '@ingot/testing';
import { it } from 'vitest';
import { instructionSets, nativeDevice } from './device.js';
import { findAddon } from './load-addon.js';

for (const set of findAddon() ? instructionSets() : [])
  deviceSuite(`native, ${set}`, () => nativeDevice({ set, threads: 2 }), {
    withThreads: (threads) => nativeDevice({ set, threads }),
  });
if (!findAddon()) it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
