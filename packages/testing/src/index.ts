// Contract suites, gradient checks and reference traces for everyone who writes a plugin or a device.
export { deviceSuite, type DeviceSuiteOptions } from './device-suite.js';
export { checkGradients, testNumbers, type GradientCheckOptions, type GradientInput } from './gradient-check.js';
export { failingChecks, registerChecks, type Check } from './check.js';
export { contentOf } from './content-of.js';
export { memoryBlobs, type MemoryBlobs } from './memory-blobs.js';
export { randomFrom, randomTexts, textsOf } from './random-text.js';
export { sourcePlugin, sourceStage } from './source-plugin.js';
export { codecChecks, codecSuite, type CodecCase } from './codec-suite.js';
export { samplerChecks, samplerSuite, type SamplerCase } from './sampler-suite.js';
export { tokenizerChecks, tokenizerSuite, type TokenizerCase, type TokenizerUnderTest } from './tokenizer-suite.js';
export { familyChecks, familySuite, type FamilyCase } from './family-suite.js';
export { stageChecks, stageSuite, type RecipeData, type StageCase } from './stage-suite.js';
export { alignmentChecks, alignmentSuite, type AlignmentCase } from './alignment-suite.js';
export type { LearningCase } from './alignment-learning.js';
export { quantiserChecks, quantiserSuite, type QuantiserCase } from './quantiser-suite.js';
export { tabular, tabularFamily } from './truth/tabular-family.js';
export {
  answerLogProbabilities,
  closedForm,
  correlation,
  divergence,
  logPolicy,
  normalised,
  tabularDesign,
  tinyWorld,
  type TinyWorld,
} from './truth/tiny-world.js';
export { ANSWERS, COLUMNS, columnOf, END_COLUMN, LENGTH, LETTERS } from './truth/answers.js';
export { populationOptimum, type PopulationProblem } from './truth/population.js';
export { trainInWorld, truthChecks, truthSuite, type TruthCase } from './truth/truth-suite.js';
