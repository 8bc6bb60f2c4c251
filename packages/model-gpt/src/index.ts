// The GPT-2 family as a plugin, and the pure functions behind it.
import { definePlugin } from '@ingot/core';
import { gptFamilyPart } from './family.js';
import { gptStage } from './stage.js';

export { configOf, gptConfigSchema, type GptConfig } from './config.js';
export { countParameters, type ParameterCount } from './count.js';
export { fromDepth } from './depth.js';
export { gptConfig, gptDesign, gptOptions, type GptOptions } from './design.js';
export { estimateGpt, flopsPerToken } from './estimate.js';
export { gptFamily, gptFamilyPart } from './family.js';
export { gptForward } from './forward.js';
export { gptHuggingFace } from './hugging-face.js';
export { gptParameters } from './parameters.js';
export { presetNames, presets, type PresetName } from './presets.js';
export { gptStage } from './stage.js';

/** The plugin: stage `gpt` and family `gpt`. */
export const gpt = definePlugin({
  name: '@ingot/model-gpt',
  version: '0.1.0',
  module: import.meta.url,
  stages: [gptStage],
  parts: [gptFamilyPart],
});
export default gpt;
