// TensorFlow.js as a device of ours: every primitive is its ops, every fused kernel is composed from them.
import type { Device } from '@ingot/tensor';
import { loadTensorFlow, type TfjsDeviceName } from './backends.js';
import { tfPrimitives } from './primitives.js';
import { TfMemory } from './storage.js';

/** A device on a TensorFlow.js backend. Throws as `loadTensorFlow` does. */
export const tfDevice = async (name: Exclude<TfjsDeviceName, 'tfjs-wasm'>): Promise<Device> => {
  const tf = await loadTensorFlow(name);
  const memory = new TfMemory(tf);
  return {
    name,
    about: `${name}, TensorFlow.js ${tf.version_core}, backend ${tf.getBackend()}`,
    precision: 'fp32',
    rowInvariant: false, // its GEMM may choose another path for another number of rows
    ...tfPrimitives(tf, memory),
    kernels: {
      linear: ({ x, weight, bias, rows, inputs, outputs }) =>
        memory.make('f32', () =>
          tf.fused.matMul({
            a: tf.reshape(memory.of(x), [rows, inputs]),
            b: tf.reshape(memory.of(weight), [outputs, inputs]),
            transposeB: true,
            ...(bias ? { bias: memory.of(bias) } : {}),
          }),
        ),
    },
    dispose: () => undefined,
  };
};
