// Rewards of answers: the sum of the stage's rewards, with errors that say whose, when and of what.
import { IngotError, messageOf, type Installed } from '@ingot/core';
import { openReward, type Answer, type ModelValue, type RewardAtWork, type RewardValue } from '@ingot/contracts';
import { chatEncoder, encodeCompletion } from '@ingot/text';
import { openRewardModel } from '@ingot/training';
import type { Device } from '@ingot/tensor';

/** Several rewards as one. */
export interface SummedReward {
  /** The sum, (S), and by place each reward's mean and numbers, (S) each. `when` is for messages: 'at step 3'. */
  score(
    answers: readonly Answer[],
    when: string,
  ): Promise<{
    readonly sum: Float64Array;
    readonly means: readonly number[];
    readonly each: readonly (readonly number[])[];
  }>;
  dispose(): void;
}

/** Sums rewards at work. Its `score` throws `bad-numbers` for what is no finite number, and `bad-reward` with the cause where a reward throws. */
export function sumRewards(rewards: readonly RewardAtWork[], stage: string): SummedReward {
  return {
    async score(answers, when) {
      const sum = new Float64Array(answers.length);
      const means: number[] = [];
      const each: (readonly number[])[] = [];
      for (const [which, reward] of rewards.entries()) {
        const where = `The stage '${stage}' ${when}: reward ${which + 1} of ${rewards.length}`;
        let scores: readonly number[];
        try {
          scores = await reward.score(answers);
        } catch (cause) {
          if (cause instanceof Error && cause.name === 'AbortError') throw cause;
          const known = IngotError.is(cause);
          throw new IngotError(
            known ? cause.code : 'bad-reward',
            `${where} failed on ${answers.length} answers: ${messageOf(cause)}${known ? '' : '. Mend the reward; the last checkpoint is kept.'}`,
            { cause },
          );
        }
        scores.forEach((score, i) => (sum[i]! += score));
        each.push(scores);
        means.push(scores.reduce((a, b) => a + b, 0) / Math.max(1, answers.length));
      }
      return { sum, means, each };
    },
    dispose: () => rewards.forEach((reward) => reward.dispose()),
  };
}

/** Opens rewards; what was opened is disposed of when one cannot be. */
export async function openRewards(
  values: readonly RewardValue[],
  context: { readonly signal: AbortSignal; readonly model?: ModelValue | undefined },
): Promise<RewardAtWork[]> {
  const opened: RewardAtWork[] = [];
  try {
    for (const value of values)
      opened.push(await openReward(value, { signal: context.signal, ...(context.model && { model: context.model }) }));
    return opened;
  } catch (error) {
    opened.forEach((reward) => reward.dispose());
    throw error;
  }
}

/** A trained reward model as a reward. Throws as `openRewardModel`. */
export async function modelReward(
  model: ModelValue,
  services: { readonly device: Device; readonly installed: Installed },
): Promise<RewardAtWork> {
  const { tokenizer, chat, context } = model.design;
  const encoder = chatEncoder({ tokenizer, ...(chat && { chat }) });
  return openRewardModel({
    ...services,
    model,
    encode: ({ prompt, text }) => encodeCompletion(encoder, prompt, text, { maxTokens: context }).ids,
  });
}
