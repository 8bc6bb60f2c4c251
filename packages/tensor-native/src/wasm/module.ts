// The compiled module: the relaxed-SIMD build where the engine takes it, else the plain one.
import type { WasmBuild } from './device.js';

const FILES = {
  relaxed: new URL('../../wasm/ingot-relaxed.wasm', import.meta.url),
  simd128: new URL('../../wasm/ingot-simd128.wasm', import.meta.url),
} as const satisfies Record<WasmBuild, URL>;

/** Reads a LEB128 number at `at`: [value, the place behind it]. */
const number = (bytes: Uint8Array, at: number): [number, number] => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
};

/**
 * The same module importing a memory that is not shared: where threads cannot be, a shared one may not be either. Atomic
 * instructions are valid on both, so that one bit of the import decides (WebAssembly threads proposal, limits: 0x03 shared, 0x01 not).
 */
export const unshared = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const copy = bytes.slice();
  for (let at = 8; at < copy.length;) {
    const section = copy[at]!;
    const [size, begin] = number(copy, at + 1);
    if (section === 2) {
      let [, next] = number(copy, begin); // one import: env.memory
      for (let name = 0; name < 2; name++) {
        const [length, text] = number(copy, next);
        next = text + length;
      }
      copy[next + 1]! &= ~2; // next is the kind (memory), behind it the limits' flags
      return copy;
    }
    at = begin + size;
  }
  throw new Error('the module imports no memory');
};

/** The named build, or the best that the engine takes; undefined where there is none. */
export const compileBuild = async (
  wanted: WasmBuild | undefined,
  shared: boolean,
  read: (url: URL) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<{ readonly build: WasmBuild; readonly module: WebAssembly.Module } | undefined> => {
  for (const build of wanted ? [wanted] : (['relaxed', 'simd128'] as const)) {
    const bytes = await read(FILES[build]);
    if (WebAssembly.validate(bytes))
      return { build, module: await WebAssembly.compile(shared ? bytes : unshared(bytes)) };
  }
  return undefined;
};
