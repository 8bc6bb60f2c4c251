// Reward models: the stage, its losses and its measures.
export { bagOfWords, shareInterval, type TextPair } from './baselines.js';
export {
  bradleyTerry,
  pickScores,
  rankedPairs,
  rankingLoss,
  rankingsLoss,
  type PairLossOptions,
  type PairsOfRow,
  type RankedPair,
} from '@ingot/training';
export { lengthBias, lengthSentence, type LengthBias } from './length-bias.js';
export { accuracyOf, calibration, measurePairs, type CalibrationBin, type ScoredPair } from './measures.js';
export { heldOutValues, rewardObjective, scorePairs } from './objective.js';
export { rewardModelOptions, rewardModelView, type RewardModelOptions } from './options.js';
export { readRankings, type Ranking, type RankingNotes } from './read-rankings.js';
export { rewardReport, textPairs, type RewardReport } from './report.js';
export { rewardModel } from './reward-model.js';
