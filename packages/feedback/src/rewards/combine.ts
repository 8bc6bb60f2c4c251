// Rewards made of rewards: a weighted sum, a clip, a change of scale.
import { openReward, type RewardContext, type RewardValue, type RewardAtWork } from '@ingot/contracts';
import { IngotError } from '@ingot/core';

const named = (place: number, count: number, error: unknown): unknown =>
  IngotError.is(error) && count > 1
    ? new IngotError(error.code, `Reward ${place + 1} of ${count} in a sum: ${error.message}`, { cause: error })
    : error;

/** Opens all of them, or none: what was opened before one failed is disposed of. */
async function openAll(rewards: readonly RewardValue[], context: RewardContext): Promise<readonly RewardAtWork[]> {
  const opened: RewardAtWork[] = [];
  try {
    for (const [place, reward] of rewards.entries())
      opened.push(
        await openReward(reward, context).catch((error: unknown) => {
          throw named(place, rewards.length, error);
        }),
      );
  } catch (error) {
    for (const one of opened) one.dispose();
    throw error;
  }
  return opened;
}

/** Σ weight · reward for each answer; errors say which reward of the sum they come from. */
export const sumOf = (rewards: readonly RewardValue[], weights: readonly number[]): RewardValue => ({
  async open(context) {
    const opened = await openAll(rewards, context);
    return {
      async score(answers) {
        const sums = new Array<number>(answers.length).fill(0);
        for (const [place, reward] of opened.entries()) {
          const scores = await reward.score(answers).catch((error: unknown) => {
            throw named(place, opened.length, error);
          });
          for (const [at, score] of scores.entries()) sums[at] = (sums[at] ?? 0) + (weights[place] ?? 1) * score;
        }
        return sums;
      },
      dispose: () => {
        for (const reward of opened) reward.dispose();
      },
    };
  },
});

/** The reward with a plain function applied to each of its numbers. */
export const mapped = (reward: RewardValue, change: (score: number) => number): RewardValue => ({
  async open(context) {
    const opened = await openReward(reward, context);
    return { score: async (answers) => (await opened.score(answers)).map(change), dispose: () => opened.dispose() };
  },
});
