// Goldens 7.10 on the device tfjs-cpu.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { minigptSuite } from './minigpt-suite.js';

const device = await openTfjsDevice('tfjs-cpu');
minigptSuite('tfjs-cpu', () => device);
