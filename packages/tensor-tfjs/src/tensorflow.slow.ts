// The device contract on libtensorflow: INGOT_TENSORFLOW names a folder where @tensorflow/tfjs-node (or with INGOT_TENSORFLOW_DEVICE=tensorflow-gpu
// @tensorflow/tfjs-node-gpu) is installed. Without it the suite skips: the packages download a library when they install.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deviceSuite } from '@ingot/testing';
import { it } from 'vitest';
import { LOADERS } from './backends.js';
import { openTfjsDevice } from './plugin.js';

const name = process.env['INGOT_TENSORFLOW_DEVICE'] === 'tensorflow-gpu' ? 'tensorflow-gpu' : 'tensorflow';
const folder = process.env['INGOT_TENSORFLOW'] ?? '';
const there = folder !== '' && existsSync(join(folder, 'node_modules', LOADERS[name].package));

if (there) {
  process.chdir(folder);
  const device = await openTfjsDevice(name);
  deviceSuite(name, () => device);
} else it.skip(`the device '${name}': set INGOT_TENSORFLOW to a folder with ${LOADERS[name].package}`, () => undefined);
