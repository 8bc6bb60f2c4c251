// Pretraining as a stage, and the functions behind it; models imported from a folder.
import { definePlugin } from '@ingot/core';
import { modelFolder } from './model-folder.js';
import { pretrain } from './pretrain.js';

export { continuations, type ContinuationHow } from './continuation.js';
export { fingerprintFolder, modelFolder } from './model-folder.js';
export { pretrainOptions, pretrainView, type PretrainOptions, type PretrainView } from './options.js';
export { pretrain } from './pretrain.js';
export { checkTokens, scaleOf, type Scale } from './scale.js';
export { trainStep, type StepHow, type StepNumbers, type StepSubject } from './train-step.js';

/** The plugin: stages `pretrain` and `model-folder`. */
export const supervised = definePlugin({
  name: '@ingot/supervised',
  version: '0.1.0',
  module: import.meta.url,
  stages: [pretrain, modelFolder],
});
export default supervised;
