// Finds the built addon: the folder of this package in a clone, or a prebuilt optional package of this platform.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { TensorError } from '@ingot/tensor';
import type { Addon } from './addon.js';

/** linux-x64, darwin-arm64, … */
export const platform = `${process.platform}-${process.arch}`;
const built = fileURLToPath(new URL(`../build/ingot-${platform}.node`, import.meta.url));
const require = createRequire(import.meta.url);

/** Where the addon is, or undefined when it was not built here and no prebuilt package is installed. */
export const findAddon = (): string | undefined => {
  if (existsSync(built)) return built;
  try {
    return require.resolve(`@ingot/tensor-native-${platform}`);
  } catch {
    return undefined;
  }
};

/** The addon. Throws TensorError `unavailable` when there is none for this platform. */
export const loadAddon = (): Addon => {
  const path = findAddon();
  if (path === undefined)
    throw new TensorError('unavailable', 'native', {
      wanted: `the native addon for ${platform}`,
      got: 'none',
      try: 'install a C++17 compiler and run npm test or npm start again',
    });
  return require(path) as Addon;
};
