// One round of the stage `rollouts`: answers to some prompts, their rewards, and the reference's view of them.
import { setImmediate as breathe } from 'node:timers/promises';
import type { LiveModel } from '@ingot/contracts';
import type { StageEvent } from '@ingot/core';
import type { ChatEncoder } from '@ingot/text';
import { answerSums } from '../estimators/sequences.js';
import { penaliseUnended } from '../estimators/shaped-rewards.js';
import { answersTo, type OnlinePrompt, type OnlinePrompts } from '../online/prompts.js';
import type { SummedReward } from '../online/rewards.js';
import { hostScores } from '../online/score.js';
import { answerNumbers, lengthsOf, rolloutTable } from '../online/watch.js';
import { makeRollouts } from '../rollouts.js';
import type { DrawnAnswer } from './answer-log.js';
import type { RolloutsOptions, RolloutsView } from './options.js';

/** Everything that rounds share. */
export interface DrawHow {
  readonly sampler: LiveModel;
  readonly reference: LiveModel | undefined;
  readonly reward: SummedReward;
  readonly encoder: ChatEncoder;
  readonly prompts: OnlinePrompts;
  readonly tokens: number;
  readonly options: RolloutsOptions;
  readonly view: RolloutsView;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The draws are none of training's rounds (0, 1, …) nor of its evaluations (−1). */
const drawsOf = (take: number): number => -2 - take;

/** Answers of round `at`: which draws they get depends on their prompts' numbers alone. Throws what generation and rewards throw. */
export async function drawRound(
  how: DrawHow,
  asked: readonly OnlinePrompt[],
  at: number,
  shown: boolean,
): Promise<{
  readonly answers: readonly DrawnAnswer[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly events: readonly StageEvent[];
}> {
  const { options, view, encoder, prompts, reference, signal } = how;
  const { generations } = options;
  const rollouts = await makeRollouts(how.sampler, asked, {
    encoder,
    tokens: how.tokens,
    generations,
    seed: how.seed,
    round: drawsOf(options.take),
    first: at * options.batch * generations,
    atOnce: view.answersAtOnce,
    signal,
  });
  const { sum, means, each } = await how.reward.score(answersTo(prompts, rollouts), `in round ${at + 1}`);
  const scores = penaliseUnended(
    sum,
    rollouts.map(({ ended }) => ended),
    options.missingEndPenalty,
  );
  const old = Float32Array.from(rollouts.flatMap(({ logProbabilities }) => Array.from(logProbabilities)));
  const logs =
    reference &&
    (await hostScores(reference, rollouts, 'tokens', {
      size: view.answersAtOnce,
      async breathe() {
        await breathe();
        signal.throwIfAborted();
      },
    }));
  const lengths = lengthsOf(rollouts);
  const sums = answerSums(old, lengths);
  const kl =
    logs &&
    answerSums(
      old.map((log, t) => log - logs[t]!),
      lengths,
    );
  return {
    answers: rollouts.map(({ row, text, ended }, i) => ({
      row,
      text,
      tokens: lengths[i]!,
      ended,
      score: scores[i]!,
      scores: each.map((one) => one[i]!),
      logProbability: sums[i]!,
      ...(kl && { kl: kl[i]! }),
    })),
    numbers: {
      ...answerNumbers(rollouts, { old, reference: logs, scores }),
      ...(means.length > 1 ? Object.fromEntries(means.map((mean, i) => [`reward/${i + 1}`, mean])) : {}),
    },
    events: shown
      ? rolloutTable(at + 1, rollouts, { prompts: prompts.all, scores, each, encoder, shown: view.show })
      : [],
  };
}
