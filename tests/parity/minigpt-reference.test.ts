// Goldens 7.10 on the device reference.
import { referenceDevice } from '@ingot/tensor';
import { minigptSuite } from './minigpt-suite.js';

minigptSuite('reference', referenceDevice);
