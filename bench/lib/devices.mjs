// The devices that a benchmark may open by name.
import { referenceDevice } from '../../packages/tensor/dist/index.js';
import { nativeDevice, wasmDevice } from '../../packages/tensor-native/dist/index.js';
import { openTfjsDevice } from '../../packages/tensor-tfjs/dist/index.js';

const DEVICES = {
  native: (threads) => nativeDevice({ threads }),
  'wasm-relaxed': (threads) => wasmDevice({ threads, build: 'relaxed' }),
  'wasm-simd128': (threads) => wasmDevice({ threads, build: 'simd128' }),
  wasm: (threads) => wasmDevice({ threads }),
  'tfjs-wasm': () => openTfjsDevice('tfjs-wasm'),
  reference: () => referenceDevice(),
};

/** The device. Throws for a name that is none of them. */
export const openDevice = async (name, threads) => {
  if (!DEVICES[name]) throw new Error(`wanted a device of ${Object.keys(DEVICES).join(', ')}, got ${name}`);
  return DEVICES[name](threads);
};
