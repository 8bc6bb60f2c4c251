// Sampler parts and the generate stage.
export {};
