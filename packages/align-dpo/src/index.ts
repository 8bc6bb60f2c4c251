// Preference alignment: the losses of the DPO family as pure functions and as parts, and the methods as stages over one loop.
import { definePlugin } from '@ingot/core';
import { referenceScores } from './align/reference-stage.js';
import { methods } from './align/stages.js';
import { preferenceParts } from './preference-parts.js';

export { microBatch, microStatistics, pairFromTokens, type TokenScores } from './batch.js';
export { defineLoss, type LossDefinition } from './define-loss.js';
export { aot, aotStatistics, type AotStatistics } from './losses/aot.js';
export { aotUnpaired, aotUnpairedStatistics, type AotUnpairedStatistics } from './losses/aot-unpaired.js';
export { apoDown } from './losses/apo-down.js';
export { apoZero } from './losses/apo-zero.js';
export { bco, bcoStatistics, type BcoStatistics } from './losses/bco.js';
export { bcoPair } from './losses/bco-pair.js';
export { cdpo } from './losses/cdpo.js';
export { cpo } from './losses/cpo.js';
export { discopop } from './losses/discopop.js';
export { exo } from './losses/exo.js';
export { hinge } from './losses/hinge.js';
export { ipo } from './losses/ipo.js';
export { kto, ktoStatistics, type KtoStatistics } from './losses/kto.js';
export { nca } from './losses/nca.js';
export { orpo } from './losses/orpo.js';
export { robust } from './losses/robust.js';
export { rpo } from './losses/rpo.js';
export { sft } from './losses/sft.js';
export { sigmoid } from './losses/sigmoid.js';
export { sigmoidNorm } from './losses/sigmoid-norm.js';
export { simpo } from './losses/simpo.js';
export { sppo } from './losses/sppo.js';
export { losses, type LossName } from './losses/table.js';
export { dpoOptimum, ipoOptimum, type Population } from './optima.js';
export { lossPart, lossValue, preferenceParts } from './preference-parts.js';
export { logRatio, logRatios, type Scores } from './scores.js';
export { supervisedStatistics, supervisedTerm, type SupervisedStatistics } from './supervised-term.js';
export { divergences, divergenceScore, withDivergence, type Divergence } from './transforms/divergence.js';
export { lengthDesensitised } from './transforms/length-desensitised.js';
export { lengthNormalised } from './transforms/length-normalised.js';

export { align, type AlignRequest } from './align/run.js';
export { alignOptions, alignView, type AlignOptions, type AlignView } from './align/options.js';
export { referenceScores } from './align/reference-stage.js';
export {
  apoZero as apoZeroStage,
  bco as bcoStage,
  cpo as cpoStage,
  dpo as dpoStage,
  ipo as ipoStage,
  kto as ktoStage,
  labelMethod,
  methods,
  orpo as orpoStage,
  pairMethod,
  rpo as rpoStage,
  simpo as simpoStage,
  sppo as sppoStage,
} from './align/stages.js';

/** The plugin: every loss as a part of the role `preference-loss`, the methods as stages of the role `Align`, and `reference-scores`. */
export const alignDpo = definePlugin({
  name: '@ingot/align-dpo',
  version: '0.1.0',
  module: import.meta.url,
  stages: [...methods, referenceScores],
  parts: preferenceParts,
});
export default alignDpo;
