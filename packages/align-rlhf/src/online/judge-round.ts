// How each method makes of rewards what it learns from.
import { generalisedAdvantages, type AdvantageOptions } from '../estimators/advantages.js';
import { groupAdvantages, type AdvantageScale } from '../estimators/group-advantages.js';
import { leaveOneOut } from '../estimators/leave-one-out.js';
import { answerSums } from '../estimators/sequences.js';
import { shapedRewards } from '../estimators/shaped-rewards.js';
import { explainedVariance } from '../estimators/diagnostics.js';
import { whiten } from '../estimators/whiten.js';
import type { Judged, ScoredRound } from './methods.js';

/** Rewards of whole answers: the score less β times the answer's KL. */
export const answerRewards = ({ scores, kl, lengths, beta }: ScoredRound): Float64Array => {
  const sums = answerSums(kl, lengths);
  return scores.map((score, i) => score - beta * sums[i]!);
};
const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / Math.max(1, x.length);

/** GRPO: against the group's mean. Groups whose rewards are all the same teach nothing: their share is told. */
export const judgeGroups =
  (scale: AdvantageScale) =>
  (round: ScoredRound): Judged => {
    const advantages = groupAdvantages(answerRewards(round), { group: round.generations, scale });
    const { generations } = round;
    const groups = Array.from({ length: advantages.length / generations }, (_, g) =>
      advantages.subarray(g * generations, (g + 1) * generations),
    );
    const flat = groups.filter((group) => group.every((one) => Math.abs(one) < 1e-8)).length;
    return { advantages, numbers: { flatGroups: flat / groups.length } };
  };

/** RLOO: against the mean of the other answers. */
export const judgeLeaveOneOut = (round: ScoredRound): Judged => ({
  advantages: leaveOneOut(answerRewards(round), { group: round.generations }),
});

/** Weight of one round in the running mean. */
const SMOOTHING = 0.1;
/** REINFORCE: against the mean of the round's other answers, a running mean of rounds before, or nothing. */
export const judgeBaseline =
  (kind: 'batch' | 'running' | 'none') =>
  (round: ScoredRound): Judged => {
    const rewards = answerRewards(round);
    const baseline = round.baseline ?? mean(rewards);
    const ways = {
      batch: () => (rewards.length > 1 ? leaveOneOut(rewards, { group: rewards.length }) : rewards),
      running: () => rewards.map((reward) => reward - baseline),
      none: () => rewards,
    } satisfies Record<typeof kind, () => Float64Array>;
    return { advantages: ways[kind](), baseline: baseline + SMOOTHING * (mean(rewards) - baseline) };
  };

/** PPO: rewards of tokens, generalised advantages over the critic's values, whitened. */
export const judgeByCritic =
  ({
    whitenRewards,
    whitenAdvantages,
    ...how
  }: AdvantageOptions & { readonly whitenRewards: boolean; readonly whitenAdvantages: boolean }) =>
  ({ scores, kl, lengths, beta, values = new Float32Array(kl.length) }: ScoredRound): Judged => {
    const shaped = shapedRewards(kl, scores, lengths, beta);
    const rewards = whitenRewards ? whiten(shaped, { shiftMean: false }) : shaped;
    const { advantages, returns } = generalisedAdvantages(rewards, values, lengths, how);
    return {
      advantages: whitenAdvantages ? whiten(advantages) : advantages,
      returns,
      numbers: { 'value/explainedVariance': explainedVariance(returns, values), 'value/mean': mean(values) },
    };
  };

/** Best of n: the answer of the highest reward of each group is learnt, the others are left out; the first of equals. */
export const judgeBest = (round: ScoredRound): Judged => {
  const rewards = answerRewards(round);
  const keep = Array.from({ length: rewards.length / round.generations }, (_, g) => {
    const first = g * round.generations;
    const group = Array.from(rewards.subarray(first, first + round.generations));
    return first + group.indexOf(Math.max(...group));
  });
  return {
    advantages: new Float64Array(rewards.length).fill(1),
    keep,
    numbers: { 'reward/best': mean(keep.map((i) => rewards[i]!)) },
  };
};

/** Pairs: answers 2i and 2i + 1; the label is drawn from σ of the reward's difference (Bradley and Terry 1952), soft, or the larger one. */
export const judgePairs =
  (labels: 'drawn' | 'soft' | 'best') =>
  ({ scores, draws }: ScoredRound): Judged => {
    const better = Float64Array.from({ length: scores.length / 2 }, (_, i) => {
      const difference = scores[2 * i]! - scores[2 * i + 1]!;
      const probability = 1 / (1 + Math.exp(-difference));
      const ways = {
        drawn: () => (draws[2 * i]! < probability ? 1 : 0),
        soft: () => probability,
        best: () => (difference === 0 ? 0.5 : difference > 0 ? 1 : 0),
      } satisfies Record<typeof labels, () => number>;
      return ways[labels]();
    });
    return { advantages: new Float64Array(scores.length), better };
  };
