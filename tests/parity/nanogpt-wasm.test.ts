// nanoGPT's first 50 steps on the device wasm.
import { wasmDevice } from '@ingot/tensor-native';
import { nanogptSuite } from './nanogpt-suite.js';

const device = await wasmDevice({ threads: 2 });
nanogptSuite('wasm', () => device);
