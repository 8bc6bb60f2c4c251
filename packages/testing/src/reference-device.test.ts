// The reference device passes the contract that it defines; finite differences and memory counts are what can fail here.
import { referenceDevice, withoutKernels } from '@ingot/tensor';
import { deviceSuite } from './device-suite.js';

deviceSuite('reference', referenceDevice);
deviceSuite('reference without kernels', () => withoutKernels(referenceDevice()));
