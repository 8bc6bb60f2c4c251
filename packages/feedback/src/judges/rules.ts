// Judge `rules`: the better answer is the one with the higher reward. Bradley and Terry 1952: P = σ((r₁ − r₂) / temperature).
import { Judge, openReward, Reward, type JudgeValue, type RewardValue } from '@ingot/contracts';
import { one } from '@ingot/core';
import * as z from 'zod';

/** 1 / (1 + e^−x), without overflow. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** A judge that compares two answers by a reward. The same answers swapped give exactly 1 − P but for rounding. */
export const judgeByReward = (reward: RewardValue, temperature = 1): JudgeValue => ({
  async open({ reward: model, signal }) {
    const opened = await openReward(reward, { ...(model ? { model } : {}), ...(signal ? { signal } : {}) });
    return {
      async ask({ prompt, first, second }) {
        const [a = NaN, b = NaN] = await opened.score([
          { prompt, text: first },
          { prompt, text: second },
        ]);
        return sigmoid((a - b) / temperature);
      },
      dispose: () => opened.dispose(),
    };
  },
});

/** Judge `rules`. */
export const rulesJudge = Judge.part({
  name: 'rules',
  version: 1,
  options: z.strictObject({
    reward: one(Reward).describe('What decides.'),
    temperature: z
      .number()
      .positive()
      .default(1)
      .describe('How large a difference of rewards makes the judge sure: at this difference it says 0.73.'),
  }),
  make: ({ reward, temperature }) => judgeByReward(reward, temperature),
});
