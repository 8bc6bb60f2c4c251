// Goldens 7.10 on libtensorflow, where INGOT_TENSORFLOW names a folder with @tensorflow/tfjs-node.
import { openTfjsDevice } from '@ingot/tensor-tfjs';
import { it } from 'vitest';
import { minigptSuite } from './minigpt-suite.js';

const folder = process.env['INGOT_TENSORFLOW'];
if (folder) {
  process.chdir(folder);
  const device = await openTfjsDevice('tensorflow');
  minigptSuite('tensorflow', () => device);
} else it.skip("goldens on 'tensorflow': set INGOT_TENSORFLOW to a folder with @tensorflow/tfjs-node", () => undefined);
