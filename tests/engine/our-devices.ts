// The devices that these tests are about.
import { findAddon } from '@ingot/tensor-native';
import type { TestContext } from 'vitest';

export type OurDevice = 'native' | 'wasm';
/** Both, or those whose names begin with INGOT_BUILDS. */
export const ourDevices = (['native', 'wasm'] as const).filter((name) =>
  name.startsWith(process.env['INGOT_BUILDS'] ?? ''),
);

/** Skips the test, with a word, where the device is not built. */
export const skipUnlessBuilt = (device: OurDevice, skip: TestContext['skip']): void => {
  if (device === 'native' && !findAddon()) skip('the native addon is not built here: install a C++17 compiler');
};
