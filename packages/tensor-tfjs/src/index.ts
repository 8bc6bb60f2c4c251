// TensorFlow.js as devices: tfjs-wasm, tfjs-cpu, tensorflow, tensorflow-gpu.
export { type TfjsDeviceName } from './backends.js';
export { openTfjsDevice, tfjs, tfjs as default } from './plugin.js';
