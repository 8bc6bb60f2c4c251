// nanoGPT's first 50 steps on the reference device.
import { referenceDevice } from '@ingot/tensor';
import { nanogptSuite } from './nanogpt-suite.js';

nanogptSuite('reference', referenceDevice);
