// The device `native`: our C++ kernels in this process.
import { availableParallelism } from 'node:os';
import type { Device } from '@ingot/tensor';
import { deviceOver } from './device-over.js';
import { loadAddon } from './load-addon.js';

export interface NativeOptions {
  /** All cores unless said. Results do not depend on it. */
  readonly threads?: number;
  /** 'avx512', 'avx2', 'sse2', 'neon'; the best that runs here unless said, or INGOT_SIMD. */
  readonly set?: string;
}

/** Opens the device. Throws TensorError `bad-option` for an instruction set that this machine does not run, and as `loadAddon` does. */
export const nativeDevice = ({
  threads = availableParallelism(),
  set = process.env['INGOT_SIMD'] ?? '',
}: NativeOptions = {}): Device => deviceOver(loadAddon(), { name: 'native', threads, set, dispose: () => undefined });

/** The instruction sets that this machine runs, best first. Throws as `loadAddon` does. */
export const instructionSets = (): readonly string[] => loadAddon().open('none', 1).sets;
