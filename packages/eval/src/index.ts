// Measures of language models beside baselines and each other: the plugin, its stage, its tasks, its service, and the functions behind them.
import { Device, Evaluator } from '@ingot/contracts';
import { definePlugin, Installed } from '@ingot/core';
import { evaluateStage } from './evaluate-stage.js';
import { evaluatorService } from './evaluator/evaluator.js';
import { bitsPerByteTask, exactMatchTask, jsonlTask, multipleChoiceTask, perplexityTask } from './tasks/parts.js';

export { documentBits, type BitsOptions } from './bits-per-byte.js';
export {
  compareModels,
  type Difference,
  type Evaluation,
  type MeasuredModel,
  type Measurement,
} from './compare-models.js';
export { evaluateModels, type EvaluateModels, type NamedModel } from './evaluate-models.js';
export { evaluateStage } from './evaluate-stage.js';
export { evaluatedModel, evaluatorService } from './evaluator/evaluator.js';
export { checkGate, type Gate } from './gate.js';
export { gzipBitsPerByte } from './gzip.js';
export { type Comparison, compareMeasures, type ComparisonOptions, measureInterval } from './measures.js';
export { ByteNgram } from './n-gram.js';
export { measureAll, type MeasuredTask, measureValue, runTasks } from '@ingot/contracts';
export { scoreText, type TextScore } from './score-text.js';
export * from './statistics/index.js';
export { exactMatchMeasures, type ExactMatchOptions, type GenerateItem } from './tasks/exact-match.js';
export { extractAnswer, type Normalisation } from '@ingot/text';
export { type ChoiceItem, multipleChoiceMeasures } from './tasks/multiple-choice.js';
export {
  bitsPerByteTask,
  exactMatchTask,
  heldOutTask,
  jsonlTask,
  multipleChoiceTask,
  perplexityTask,
  taskFile,
} from './tasks/parts.js';
export { rowMeasures, type RowOptions } from './tasks/row-measures.js';
export { parseTaskRows, type RowKind, type TaskRow } from './tasks/rows.js';
export { bitsPerByteMeasures, perplexityMeasures } from './tasks/text-measures.js';
export { verdict, type Measured, type Verdict } from './verdict.js';

/** The plugin: stage `evaluate`, the tasks, and the service `Evaluator`. */
export const evaluation = definePlugin({
  name: '@ingot/eval',
  version: '0.1.0',
  module: import.meta.url,
  stages: [evaluateStage],
  parts: [bitsPerByteTask, perplexityTask, multipleChoiceTask, exactMatchTask, jsonlTask],
  services: (bind) => bind.factory(Evaluator, { device: Device, installed: Installed }, evaluatorService),
});
export default evaluation;
