// Tensors with a small tape, parameters, optimisers and counter-based random numbers, over swappable devices; with the plain TypeScript reference device.
export {};
