// The parts of a training loop as functions, and a plugin with the optimiser and schedule parts.
import { definePlugin } from '@ingot/core';
import { adamwPart, lionPart, muonPart, sgdPart } from './optimisers.js';
import { constantPart, cosinePart, linearPart, warmupStableDecayPart } from './schedule-parts.js';

export { accumulate, type Accumulated } from './accumulate.js';
export {
  evaluationWindows,
  permutation,
  scored,
  split,
  windows,
  type DataCursor,
  type TokenBatch,
  type WindowOrder,
} from './batches.js';
export * from './fine-tune/index.js';
export { blockOf, gradientTable, groupByBlock, lookAtStep, replayAt, type GradientRow } from './gradient-table.js';
export { freshGuard, judgeLoss, type GuardState, type SpikeRule } from './guard.js';
export { initialise, initialParameters, namedKey } from './initialise.js';
export { batchLoss, bitsPerByte, evaluateLoss, type Evaluation, type Runnable } from './loss.js';
export { createMeter, measureMemory, measurePeakFlops, type Reading } from './meters.js';
export { modelFrom, modelOfCopy } from './model-value.js';
export { adamwOptions, lionOptions, muonOptions, sgdOptions } from './optimiser-options.js';
export { adamw, adamwPart, lion, lionPart, muon, muonPart, sgd, sgdPart } from './optimisers.js';
export * from './reward/index.js';
export * from './policy/index.js';
export { readModelFolder, type FolderReaders } from './read-model-folder.js';
export { constantPart, cosinePart, linearPart, warmupStableDecayPart } from './schedule-parts.js';
export { constant, cosine, linear, warmupStableDecay, type WarmUp } from './schedules.js';
export * from './sequences/index.js';
export { packSnapshot, packState, snapshot, unpackSnapshot, unpackState } from './state.js';
export { CHAT_FILES, padIsEnd } from './tokenizer-config.js';
export { writeModelFolder } from './write-model-folder.js';

/** The plugin: optimisers `adamw`, `sgd`, `muon` and `lion`; schedules `constant`, `linear`, `cosine`, `warmup-stable-decay`. */
export const training = definePlugin({
  name: '@ingot/training',
  version: '0.1.0',
  module: import.meta.url,
  stages: [],
  parts: [adamwPart, sgdPart, muonPart, lionPart, constantPart, linearPart, cosinePart, warmupStableDecayPart],
});
export default training;
