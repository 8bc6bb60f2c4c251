// Loads the addon from wherever it is for this platform.
import { createRequire } from 'node:module';
import { TensorError } from '@ingot/tensor';
import type { Addon } from './addon.js';
import { addonPaths, platform } from './places.js';

export { platform };
const require = createRequire(import.meta.url);

/** Where the addon is, or undefined when it was not built here and no prebuilt package is installed. */
export const findAddon = (): string | undefined => addonPaths()[0];

/** The first addon that loads. Throws TensorError `unavailable` when there is none for this platform, with what each said. */
export const loadAddon = (): Addon => {
  const faults: string[] = [];
  for (const path of addonPaths())
    try {
      return require(path) as Addon;
    } catch (error) {
      faults.push(`${path} does not load (${error instanceof Error ? error.message : String(error)})`);
    }
  throw new TensorError('unavailable', 'native', {
    wanted: `the native addon for ${platform()}`,
    got: faults.join('; ') || 'none',
    try: 'npx ingot doctor --build, which wants a C++17 compiler (g++ or clang++)',
  });
};

/** One line that says why no addon can be loaded here and what to do; undefined when one can. */
export const addonRefusal = (): string | undefined => {
  try {
    loadAddon();
    return undefined;
  } catch (error) {
    return findAddon() === undefined
      ? `its addon for ${platform()} is neither built nor installed: install g++ or clang++, then npx ingot doctor --build`
      : (error as Error).message.split('\n')[0];
  }
};
