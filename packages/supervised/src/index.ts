// Pretraining, supervised tuning and reward models as stages, and the functions behind them; models imported from a folder.
import { definePlugin } from '@ingot/core';
import { adapterFolder, adapterOf, mergeAdapterStage } from './adapter/index.js';
import { modelFolder } from './model-folder.js';
import { pretrain } from './pretrain.js';
import { rewardModel } from './reward-model/index.js';
import { assumeAligned, assumeChat, sft } from './sft/index.js';

export * from './adapter/index.js';
export { continuations, type ContinuationHow } from './continuation.js';
export { fingerprintFiles, fingerprintFolder, modelFolder } from './model-folder.js';
export { pretrainOptions, pretrainView, type PretrainOptions, type PretrainView } from './options.js';
export { pretrain } from './pretrain.js';
export * from './reward-model/index.js';
export * from './sft/index.js';
export { checkTokens, scaleOf, type Scale } from './scale.js';
export { trainStep, type StepHow, type StepNumbers, type StepSubject } from './train-step.js';

/** The plugin: stages `pretrain`, `sft`, `reward-model`, `assume-chat`, `assume-aligned`, `model-folder`, `adapter-folder` and `merge-adapter`. */
export const supervised = definePlugin({
  name: '@ingot/supervised',
  version: '0.1.0',
  module: import.meta.url,
  stages: [
    pretrain,
    sft,
    rewardModel,
    assumeChat,
    assumeAligned,
    modelFolder,
    adapterFolder,
    adapterOf,
    mergeAdapterStage,
  ],
});
export default supervised;
