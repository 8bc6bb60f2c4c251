// Online reinforcement learning: estimators and losses as pure functions, rollouts, and the methods as stages over one loop.
import { definePlugin } from '@ingot/core';
import { rolloutsStage } from './drawing/rollouts-stage.js';
import { onlineMethods } from './online/stages.js';

export { bestOf } from './estimators/best-of.js';
export { approximateKl, bestOfKl, correlate, explainedVariance } from './estimators/diagnostics.js';
export { generalisedAdvantages, type AdvantageOptions, type Advantages } from './estimators/advantages.js';
export { nextBeta, type KlController } from './estimators/adaptive-kl.js';
export { groupAdvantages, type AdvantageScale, type GroupOptions } from './estimators/group-advantages.js';
export { klEstimates, klTerm, type KlEstimator } from './estimators/kl.js';
export { leaveOneOut } from './estimators/leave-one-out.js';
export { answerSums, perToken } from './estimators/sequences.js';
export { penaliseUnended, shapedRewards } from './estimators/shaped-rewards.js';
export { whiten } from './estimators/whiten.js';
export type { AnswerBatch } from './losses/answers.js';
export type { Average } from './losses/averages.js';
export { entropyOf } from './losses/entropy.js';
export type { Importance } from './losses/importance.js';
export { surrogateDefaults, type SurrogateOptions } from './losses/options.js';
export { pairLoss, type AnswerPairs, type PairForm } from './losses/pair-loss.js';
export { policyLoss, type PolicyLossForm, type PolicyLossOptions } from './losses/policy-loss.js';
export type { Surrogate } from './losses/surrogates.js';
export { policyLosses, type PolicyLossName } from './losses/table.js';
export { valueLoss, type ValueBatch } from './losses/value-loss.js';
export {
  makeRollouts,
  mismatchOf,
  mismatchText,
  type Mismatch,
  type Rollout,
  type RolloutHow,
  type RolloutPrompt,
} from './rollouts.js';
export type { CriticOptions, Judged, OnlineMethod, ScoredRound } from './online/methods.js';
export { onlineOptions, onlineView, type OnlineOptions, type OnlineView } from './online/options.js';
export { alignOnline, type OnlineRequest } from './online/run.js';
export { scoreAnswers, type AnswerScores } from './online/score.js';
export {
  expertIteration as expertIterationStage,
  grpo as grpoStage,
  onlineDpo as onlineDpoStage,
  onlineMethod,
  onlineMethods,
  ppo as ppoStage,
  reinforce as reinforceStage,
  rloo as rlooStage,
} from './online/stages.js';
export { rolloutsStage };
export { tempered } from './online/tempered.js';

/** The plugin: stages `ppo`, `grpo`, `rloo`, `reinforce`, `online-dpo` and `expert-iteration` of the role `Align`, and `rollouts`. */
export const alignRlhf = definePlugin({
  name: '@ingot/align-rlhf',
  version: '0.1.0',
  module: import.meta.url,
  stages: [...onlineMethods, rolloutsStage],
});
export default alignRlhf;
