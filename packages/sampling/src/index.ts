// Samplers and the `generate` stage as a plugin, and the pure functions behind it.
import { definePlugin } from '@ingot/core';
import { answersStage } from './answers-stage.js';
import { generateStage } from './generate-stage.js';
import { greedyPart, temperaturePart, topKPart, topPPart } from './parts.js';

export { answersStage } from './answers-stage.js';
export { generateStage, promptIds } from './generate-stage.js';
export { greedy } from './greedy.js';
export { greedyPart, temperaturePart, topKPart, topPPart } from './parts.js';
export { softmax } from './softmax.js';
export { temperature } from './temperature.js';
export { topK } from './top-k.js';
export { topP } from './top-p.js';

/** The plugin: stages `generate` and `answers`; samplers `greedy`, `temperature`, `top-k` and `top-p`. */
export const sampling = definePlugin({
  name: '@ingot/sampling',
  version: '0.1.0',
  module: import.meta.url,
  stages: [generateStage, answersStage],
  parts: [greedyPart, temperaturePart, topKPart, topPPart],
});
export default sampling;
