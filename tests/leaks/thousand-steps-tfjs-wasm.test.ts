// A thousand steps on the device tfjs-wasm.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { leakSuite } from './thousand-steps-suite.js';

const device = await openTfjsDevice('tfjs-wasm');
leakSuite('tfjs-wasm', () => device);
