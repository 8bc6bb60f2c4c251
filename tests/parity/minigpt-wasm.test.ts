// Goldens 7.10 on the device wasm, both builds.
import { wasmDevice } from '@ingot/tensor-native';
import { minigptSuite } from './minigpt-suite.js';

for (const build of ['relaxed', 'simd128'] as const) {
  const device = await wasmDevice({ build, threads: 2 });
  minigptSuite(`wasm, ${build}`, () => device);
}
