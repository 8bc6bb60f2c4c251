// One way to call every reward: a plain function scores its batch one answer after another.
import { IngotError } from '@ingot/core';
import type { Answer, RewardAtWork, RewardContext, RewardValue } from './parts.js';

/** Throws `bad-numbers` unless there is one finite number an answer. */
function checked(scores: readonly number[], answers: readonly Answer[]): readonly number[] {
  if (scores.length !== answers.length)
    throw new IngotError(
      'bad-numbers',
      `A reward gave ${scores.length} numbers for ${answers.length} answers. Wanted one each.`,
    );
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0)
    throw new IngotError(
      'bad-numbers',
      `A reward gave ${scores[wrong]} for answer ${wrong} of ${answers.length}, ${JSON.stringify(answers[wrong]?.text.slice(0, 60))}. Wanted a finite number: mend the reward, or leave such answers out.`,
    );
  return scores;
}

/** A reward at work, whatever it was given as. Its `score` throws `bad-numbers` for NaN, an infinity, or a missing number. */
export async function openReward(reward: RewardValue, context: RewardContext = {}): Promise<RewardAtWork> {
  if (typeof reward !== 'function') {
    const opened = await reward.open(context);
    return {
      score: async (answers) => checked(await opened.score(answers), answers),
      dispose: () => opened.dispose(),
    };
  }
  return {
    async score(answers) {
      const scores: number[] = [];
      for (const answer of answers) {
        context.signal?.throwIfAborted();
        scores.push(await reward(answer));
      }
      return checked(scores, answers);
    },
    dispose: () => undefined,
  };
}
