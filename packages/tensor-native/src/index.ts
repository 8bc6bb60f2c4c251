// Our own C++ kernels as a Node addon and as WebAssembly.
export { instructionSets, nativeDevice, type NativeOptions } from './device.js';
export { findAddon } from './load-addon.js';
export { platform } from './places.js';
export { buildAddon, type BuildResult } from './build-addon.js';
export { findCompiler, type Compiler } from './compiler.js';
export { native, native as default, nativeCandidate, wasmCandidate } from './plugin.js';
export { wasmDevice, type WasmBuild, type WasmOptions } from './wasm/index.js';
