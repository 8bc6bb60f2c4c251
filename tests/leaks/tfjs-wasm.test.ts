// A thousand steps on the device tfjs-wasm.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { leakSuite } from './leak-suite.js';

// TensorFlow.js keeps what it compiled for each shape, and its memory grows by doubling.
leakSuite('tfjs-wasm', () => openTfjsDevice('tfjs-wasm'), { steps: 1000, allowed: 64e6 });
