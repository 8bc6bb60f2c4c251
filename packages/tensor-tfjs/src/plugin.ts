// The plugin that offers TensorFlow.js's devices.
import { DeviceCandidate } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import type { Device } from '@ingot/tensor';
import * as z from 'zod';
import { isInstalled, LOADERS, type TfjsDeviceName } from './backends.js';
import { tfDevice } from './tf-device.js';
import { wasmDevice } from './wasm-device.js';

/** Opens a device by name. Throws TensorError `unavailable` or `bad-device`. */
export const openTfjsDevice = (name: TfjsDeviceName): Promise<Device> =>
  name === 'tfjs-wasm' ? wasmDevice() : tfDevice(name);

const candidate = <const Name extends TfjsDeviceName>(name: Name, preference: number) =>
  DeviceCandidate.part({
    name,
    version: 1,
    options: z.strictObject({}),
    make: () => ({
      name,
      preference,
      refusal: async () =>
        isInstalled(name)
          ? undefined
          : `${LOADERS[name].package} is not installed; npm install ${LOADERS[name].package}`,
      open: () => openTfjsDevice(name),
    }),
  });

/** In the order of preference; `tfjs-cpu` comes after the reference device, which is several times as fast. */
export const tfjs = definePlugin({
  name: '@ingot/tensor-tfjs',
  version: '0.1.0',
  module: import.meta.url,
  parts: [
    candidate('tensorflow-gpu', 100),
    candidate('tensorflow', 50),
    candidate('tfjs-wasm', 40),
    candidate('tfjs-cpu', -10),
  ],
});
export default tfjs;
