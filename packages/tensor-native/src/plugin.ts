// The plugin that offers the devices `native` and `wasm`.
import { DeviceCandidate } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import * as z from 'zod';
import { nativeDevice } from './device.js';
import { addonRefusal } from './load-addon.js';
import { wasmDevice } from './wasm/index.js';

/** Our C++ kernels, wherever their addon is. */
export const nativeCandidate = DeviceCandidate.part({
  name: 'native',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'native',
    preference: 80,
    refusal: async () => addonRefusal(),
    open: async (options) => nativeDevice(options),
  }),
});

/** The same kernels as WebAssembly: no compiler, and nothing to install. */
export const wasmCandidate = DeviceCandidate.part({
  name: 'wasm',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'wasm',
    preference: 60,
    refusal: async () => undefined,
    open: async (options) => wasmDevice(options),
  }),
});

/** Installs both candidates; `device('auto')` takes `native` wherever it runs, else `wasm`. */
export const native = definePlugin({
  name: '@ingot/tensor-native',
  version: '0.1.0',
  module: import.meta.url,
  parts: [nativeCandidate, wasmCandidate],
});
export default native;
