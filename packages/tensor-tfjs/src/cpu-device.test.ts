// The device contract on tfjs-cpu: every primitive as TensorFlow.js ops, every kernel composed from them.
import { deviceSuite } from '@ingot/testing';
import { openTfjsDevice } from './plugin.js';

const device = await openTfjsDevice('tfjs-cpu');
deviceSuite('tfjs-cpu', () => device);
