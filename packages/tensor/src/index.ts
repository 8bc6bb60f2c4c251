// Tensors on swappable devices.
export type * from './device.js';
export type * from './kernels.js';
