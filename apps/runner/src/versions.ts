// What a report must say of the machine and of the software that made it.
import { createRequire } from 'node:module';
import { cpus, arch, platform, release, totalmem } from 'node:os';
import { bytes } from './terminal/format.js';

const require = createRequire(import.meta.url);
const PACKAGES = [
  'ingot',
  '@ingot/core',
  '@ingot/tensor',
  '@ingot/contracts',
  '@ingot/training',
  '@ingot/model-gpt',
  '@ingot/supervised',
  '@ingot/tensor-native',
  '@ingot/tensor-tfjs',
] as const;

/** Versions of Node and of Ingot's packages. */
export const versions = (): Record<string, string> => {
  const found: Record<string, string> = { node: process.versions.node };
  for (const name of PACKAGES) {
    const path = name === 'ingot' ? '../package.json' : `${name}/package.json`;
    found[name] = (require(path) as { version: string }).version;
  }
  return found;
};

/** Processor, cores, memory and system, in words. */
export const machine = (): Record<string, string> => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: String(cpus().length),
  memory: bytes(totalmem()),
  system: `${platform()} ${arch()} ${release()}`,
});
