// The device contract on both WebAssembly builds, alone and with threads.
import { deviceSuite } from '@ingot/testing';
import { wasmDevice } from './device.js';

for (const build of ['relaxed', 'simd128'] as const)
  for (const threads of [1, 2])
    deviceSuite(
      `wasm, ${build}, ${threads}`,
      () => wasmDevice({ build, threads }),
      threads === 2 ? { withThreads: (count) => wasmDevice({ build, threads: count }) } : {},
    );
