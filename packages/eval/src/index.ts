// Measures of language models beside named baselines: the plugin, its stage, and the functions behind it.
import { definePlugin } from '@ingot/core';
import { evaluateStage } from './evaluate-stage.js';

export { documentBits, type BitsOptions } from './bits-per-byte.js';
export { evaluateStage } from './evaluate-stage.js';
export { gzipBitsPerByte } from './gzip.js';
export { ByteNgram } from './n-gram.js';
export { verdict, type Measured, type Verdict } from './verdict.js';

/** The plugin: stage `evaluate`. */
export const evaluation = definePlugin({
  name: '@ingot/eval',
  version: '0.1.0',
  module: import.meta.url,
  stages: [evaluateStage],
});
export default evaluation;
