// Reward models: the stage, its losses and its measures.
export { bagOfWords, shareInterval, type TextPair } from './baselines.js';
export { bradleyTerry, type PairLossOptions } from './bradley-terry.js';
export { lengthBias, lengthSentence, type LengthBias } from './length-bias.js';
export { accuracyOf, calibration, measurePairs, type CalibrationBin, type ScoredPair } from './measures.js';
export { heldOutValues, rankingsLoss, rewardObjective, scorePairs } from './objective.js';
export { rewardModelOptions, rewardModelView, type RewardModelOptions } from './options.js';
export { rankedPairs, type PairsOfRow, type RankedPair } from './ranked-pairs.js';
export { pickScores, rankingLoss } from './ranking-loss.js';
export { readRankings, type Ranking, type RankingNotes } from './read-rankings.js';
export { rewardReport, textPairs, type RewardReport } from './report.js';
export { rewardModel } from './reward-model.js';
