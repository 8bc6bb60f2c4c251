// The devices that these tests are about.
import { findAddon } from '@ingot/tensor-native';
import type { TestContext } from 'vitest';

export type OurDevice = 'native' | 'wasm';
export const ourDevices: readonly OurDevice[] = ['native', 'wasm'];

/** Skips the test, with a word, where the device is not built. */
export const skipUnlessBuilt = (device: OurDevice, skip: TestContext['skip']): void => {
  if (device === 'native' && !findAddon()) skip('the native addon is not built here: install a C++17 compiler');
};
