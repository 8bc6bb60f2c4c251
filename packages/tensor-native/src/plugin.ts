// The plugin that offers the device `native`.
import { DeviceCandidate } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import * as z from 'zod';
import { nativeDevice } from './device.js';
import { findAddon, platform } from './load-addon.js';

/** Our C++ kernels, wherever their addon is. */
export const nativeCandidate = DeviceCandidate.part({
  name: 'native',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'native',
    preference: 80,
    refusal: async () =>
      findAddon() === undefined
        ? `its addon for ${platform} is not built; install a C++17 compiler (g++ or clang++), then run the build again`
        : undefined,
    open: async (options) => nativeDevice(options),
  }),
});

/** Installs the candidate; `device('auto')` takes it wherever it runs. */
export const native = definePlugin({
  name: '@ingot/tensor-native',
  version: '0.1.0',
  module: import.meta.url,
  parts: [nativeCandidate],
});
export default native;
