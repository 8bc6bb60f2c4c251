// Every build of the kernels that this machine runs: the addon with each instruction set, WebAssembly with and without relaxed SIMD.
import type { Device } from '@ingot/tensor';
import { findAddon, instructionSets, nativeDevice, wasmDevice } from '@ingot/tensor-native';

export interface Build {
  readonly name: string;
  open(threads: number): Promise<Device>;
}

/** Those of the addon are missing where it is not built; INGOT_BUILDS keeps to names that begin so. */
export const builds: readonly Build[] = [
  ...(findAddon() ? instructionSets() : []).map((set): Build => ({
    name: `native ${set}`,
    open: async (threads) => nativeDevice({ set, threads }),
  })),
  ...(['relaxed', 'simd128'] as const).map((build): Build => ({
    name: `wasm ${build}`,
    open: (threads) => wasmDevice({ build, threads }),
  })),
].filter(({ name }) => name.startsWith(process.env['INGOT_BUILDS'] ?? ''));
