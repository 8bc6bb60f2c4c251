// Rewards and judges as parts, pairs made on the fly, and how raters agree: the plugin, and the functions behind it.
import { definePlugin } from '@ingot/core';
import { modelJudge } from './judges/model.js';
import { rulesJudge } from './judges/rules.js';
import { scriptedPart } from './judges/scripted.js';
import { pairsStage } from './pairs/pairs-stage.js';
import { judgePairsStage } from './relabel/judge-pairs-stage.js';
import { labelStage } from './relabel/label-stage.js';
import { afinnReward } from './rewards/afinn.js';
import { clipPart, standardisePart, sumPart } from './rewards/combined-parts.js';
import { exactMatchPart } from './rewards/exact-match.js';
import { formatPart } from './rewards/format.js';
import { lengthPart } from './rewards/length.js';
import { overlongPart } from './rewards/overlong.js';
import { regexPart } from './rewards/regex.js';
import { repetitionPart } from './rewards/repetition.js';
import { rewardModelPart } from './rewards/reward-model.js';
import { bestOfStage } from './scored/best-of-stage.js';
import { scorePairsStage } from './scored/score-pairs-stage.js';

export { cohenKappa, type KappaOptions } from './agreement/cohen-kappa.js';
export { kendallTau } from './agreement/kendall-tau.js';
export { krippendorffAlpha, type Scale } from './agreement/krippendorff-alpha.js';
export { rawAgreement, type Category } from './agreement/raw-agreement.js';
export { sideOf, swapConsistency, type SwappedVerdict } from './agreement/swap-consistency.js';
export { askJudge, type Answered, type AskOptions } from './judges/ask.js';
export { JUDGE_TEMPLATE, judgeByModel, modelJudge, type ModelJudgeOptions } from './judges/model.js';
export { judgeByReward, rulesJudge } from './judges/rules.js';
export { scriptedJudge, scriptedPart, type Behaviour } from './judges/scripted.js';
export { judgeSwapped, type MissingVerdict, type Verdict } from './judges/swapped.js';
export {
  addToBias,
  freshBias,
  LENGTH_LIMIT,
  lengthAlarm,
  lengthCorrelation,
  type BiasSums,
  type BiasUnit,
  type Measured,
} from './pairs/length-bias.js';
export { pairsStage } from './pairs/pairs-stage.js';
export { rowOf, type RankHow } from './pairs/rank.js';
export { judgePairsStage } from './relabel/judge-pairs-stage.js';
export { labelStage } from './relabel/label-stage.js';
export { afinnScore, sentimentOf, type Normalisation, type Sentiment } from './rewards/afinn-score.js';
export { mapped, sumOf } from './rewards/combine.js';
export { exactMatchReward, type ExactMatchHow } from './rewards/exact-match.js';
export { thinkFormat } from './rewards/format.js';
export { lengthReward } from './rewards/length.js';
export { overlongPunishment } from './rewards/overlong.js';
export { repetitionPenalty } from './rewards/repetition.js';
export { lengthOf, wordsOf, type LengthUnit } from './rewards/words.js';
export { afinnReward, clipPart, exactMatchPart, formatPart, lengthPart, overlongPart, regexPart, repetitionPart };
export { bestOfStage, rewardModelPart, scorePairsStage, standardisePart, sumPart };

/** The plugin: stages `pairs`, `label`, `judge-pairs`, `score-pairs` and `best-of`; rewards `afinn`, `length`, `overlong`, `repetition`, `format`, `exact-match`, `regex`, `reward-model`, `sum`, `clip`, `standardise`; judges `rules`, `model`, `scripted`. */
export const feedback = definePlugin({
  name: '@ingot/feedback',
  version: '0.1.0',
  module: import.meta.url,
  stages: [pairsStage, labelStage, judgePairsStage, scorePairsStage, bestOfStage],
  parts: [
    afinnReward,
    lengthPart,
    overlongPart,
    repetitionPart,
    formatPart,
    exactMatchPart,
    regexPart,
    rewardModelPart,
    sumPart,
    clipPart,
    standardisePart,
    rulesJudge,
    modelJudge,
    scriptedPart,
  ],
});
export default feedback;
