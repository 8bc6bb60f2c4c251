// Reward models: scores by a scalar head, the losses of rankings, and a trained one at work.
export { bradleyTerry, type PairLossOptions } from './bradley-terry.js';
export { loadRewardModel, openRewardModel, type OpenRewardModelOptions } from './open-reward-model.js';
export { rewardHead, rewardScores, trunkWidth } from './reward-scores.js';
export { rankedPairs, type PairsOfRow, type RankedPair } from './ranked-pairs.js';
export { pickScores, rankingLoss } from './ranking-loss.js';
export { rankingOffsets, rankingsLoss, type RankedAnswers, type RankingsHow } from './rankings-loss.js';
