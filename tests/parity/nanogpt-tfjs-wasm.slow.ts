// nanoGPT's first 50 steps on the device tfjs-wasm.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { nanogptSuite } from './nanogpt-suite.js';

const device = await openTfjsDevice('tfjs-wasm');
nanogptSuite('tfjs-wasm', () => device);
