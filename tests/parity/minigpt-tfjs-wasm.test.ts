// Goldens 7.10 on the device tfjs-wasm.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { minigptSuite } from './minigpt-suite.js';

const device = await openTfjsDevice('tfjs-wasm');
minigptSuite('tfjs-wasm', () => device);
