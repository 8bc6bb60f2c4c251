// Reward models: scores by a scalar head, and a trained one at work.
export { loadRewardModel, openRewardModel, type OpenRewardModelOptions } from './open-reward-model.js';
export { rewardHead, rewardScores, trunkWidth } from './reward-scores.js';
