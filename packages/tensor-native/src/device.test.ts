// The device contract, on every instruction set that this machine runs.
import { deviceSuite } from '@ingot/testing';
import { nativeDevice } from './device.js';

for (const set of ['avx512', 'avx2', 'sse2'])
  deviceSuite(`native, ${set}`, () => nativeDevice({ set, threads: 2 }), {
    withThreads: (threads) => nativeDevice({ set, threads }),
  });
