// Scaling laws and calculators as pure functions, each with its paper and equation.
export { comparePage, coursePage, PAGE_DISAGREES, type PageComparison, type PageRow } from './course-page.js';
export { tokenFlops, trainingCompute, type FlopShape, type TokenFlops } from './flops.js';
export { lossConstants, predictLoss, type LossConstants, type LossConstantsName } from './loss.js';
export {
  adapterBytes,
  bitsPerWeight,
  cacheBytes,
  trainingBytes,
  trainingBytesPerParameter,
  weightBytes,
  type CacheShape,
  type TrainingScheme,
  type WeightScheme,
} from './memory.js';
export { closedFormOptimum, numericOptimum, ruleOfTwenty, type Optimum } from './optimum.js';
export { gptParameters, llamaParameters, type GptShape, type LlamaShape, type ParameterCount } from './parameters.js';
