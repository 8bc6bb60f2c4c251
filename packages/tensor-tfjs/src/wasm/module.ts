// TensorFlow.js's WebAssembly module, opened by itself: one instance and one heap for each device, TensorFlow's global engine untouched.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

/** What we use of the emscripten module inside @tensorflow/tfjs-backend-wasm. Its heap views change identity when the memory grows. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  cwrap(name: string, returns: null, parameters: readonly 'number'[]): (...values: number[]) => void;
  readonly tfjs: {
    /** Gives a number to an array of `size` elements at `pointer`: kernels take such numbers. */
    registerTensor(id: number, size: number, pointer: number): void;
    /** Forgets the number, and what XNNPACK packed for it. Does not free the memory. */
    disposeData(id: number): void;
  };
}

export interface OpenedWasm {
  readonly module: WasmModule;
  readonly version: string;
  readonly simd: boolean;
  dispose(): void;
}

/** Loads the backend from the installed package and instantiates it. Rejects with TensorFlow's own error where WebAssembly is missing. */
export async function openWasm(): Promise<OpenedWasm> {
  // CommonJS on purpose: in Node the package's ESM entry finds neither its .wasm files nor, under bundlers, the same tfjs-core.
  const require = createRequire(import.meta.url);
  const core = require('@tensorflow/tfjs-core') as typeof import('@tensorflow/tfjs-core');
  const backend = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  backend.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  const make = core.findBackendFactory('wasm');
  const opened = (await make()) as unknown as { wasm: WasmModule; dispose(): void };
  return {
    module: opened.wasm,
    version: backend.version_wasm,
    simd: (await core.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true,
    dispose: () => opened.dispose(),
  };
}
