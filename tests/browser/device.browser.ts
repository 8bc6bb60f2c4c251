// In a page: the device contract on both WebAssembly builds, with two threads where the page is isolated and alone where it is not.
import { wasmDevice } from '@ingot/tensor-native/wasm';
import { deviceSuite } from '@ingot/testing/device';
import { expect, inject, test } from 'vitest';

const isolated = inject('isolated');
const threads = isolated ? 2 : 1;

test('the page is served as this run says, and the device has the threads that it may have', async () => {
  expect(crossOriginIsolated).toBe(isolated);
  const device = await wasmDevice({ threads: 2 });
  expect(device.about).toBe(`wasm, relaxed, ${isolated ? '2 threads' : '1 thread'}`);
  device.dispose();
});

for (const build of ['relaxed', 'simd128'] as const)
  deviceSuite(
    `wasm in a page, ${build}, ${threads}`,
    () => wasmDevice({ build, threads }),
    isolated ? { withThreads: (count) => wasmDevice({ build, threads: count }) } : {},
  );
