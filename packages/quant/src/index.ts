// Quantisers as a plugin, and the pure functions behind them.
import { definePlugin } from '@ingot/core';
import { int8Stage } from './int8-stage.js';

export { int8Model, packable, type TensorReport } from './int8-model.js';
export { int8Stage } from './int8-stage.js';
export { quantiseRows, relativeError, type QuantisedRows } from './quantise-rows.js';

/** The plugin: stage `int8`. */
export const quant = definePlugin({
  name: '@ingot/quant',
  version: '0.1.0',
  module: import.meta.url,
  stages: [int8Stage],
});
export default quant;
