// The device `wasm`: our C++ kernels as WebAssembly SIMD, with threads where a memory can be shared.
import { TensorError, type Device } from '@ingot/tensor';
import { deviceOver } from '../device-over.js';
import { wasmAddon } from './addon.js';
import { compileBuild } from './module.js';
import { surroundings } from './surroundings.js';

/** 'relaxed' multiplies and adds in one step and needs relaxed SIMD; 'simd128' runs wherever WebAssembly has SIMD. */
export type WasmBuild = 'relaxed' | 'simd128';

export interface WasmOptions {
  /** All cores unless said; 1 where threads cannot share a memory. Results do not depend on it. */
  readonly threads?: number;
  /** The best that runs here unless said. */
  readonly build?: WasmBuild;
}

const PAGE = 65536;
/** What 32-bit addresses reach, in pages. */
const MOST_PAGES = 65535;

/** Opens the device. Throws TensorError `bad-option` for a build that the engine does not take, `unavailable` where it takes none. */
export const wasmDevice = async ({ threads: wanted, build: named }: WasmOptions = {}): Promise<Device> => {
  const here = surroundings();
  const threads = here.threads ? Math.max(1, wanted ?? here.cores) : 1;
  const shared = threads > 1;
  const compiled = await compileBuild(named, shared, here.read);
  if (!compiled)
    throw new TensorError(named ? 'bad-option' : 'unavailable', 'wasm', {
      wanted: named ? `the build '${named}'` : 'WebAssembly with SIMD',
      got: 'an engine that refuses it',
      try: named ? 'leave the build unsaid' : 'a newer Node or browser',
    });
  const { build, module } = compiled;
  const memory = new WebAssembly.Memory({ initial: 64, maximum: MOST_PAGES, shared });
  const addon = wasmAddon(build, module, memory, here.start);
  const device = deviceOver(addon, {
    name: 'wasm',
    threads,
    set: '',
    limit: MOST_PAGES * PAGE,
    dispose: () => addon.dispose(),
  });
  await addon.ready();
  return device;
};
