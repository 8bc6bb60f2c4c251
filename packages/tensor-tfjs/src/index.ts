// TensorFlow.js as devices: tfjs-wasm, tfjs-cpu, tensorflow, tensorflow-gpu.
export {};
