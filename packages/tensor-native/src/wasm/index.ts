// Our C++ kernels as WebAssembly: runs in Node and in browsers, and needs no compiler.
export { wasmDevice, type WasmBuild, type WasmOptions } from './device.js';
