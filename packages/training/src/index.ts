// The parts of a training loop: batches, accumulation, clipping, checkpoints, optimisers and schedules.
export {};
