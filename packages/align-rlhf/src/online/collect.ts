// A round in the making: answers, their rewards, the reference's and the critic's view of them, and what the method makes of it.
import { setImmediate as breathe } from 'node:timers/promises';
import { IngotError, type StageEvent } from '@ingot/core';
import type { LiveModel } from '@ingot/contracts';
import { uniform } from '@ingot/tensor';
import { namedKey } from '@ingot/training';
import type { ChatEncoder } from '@ingot/text';
import { nextBeta } from '../estimators/adaptive-kl.js';
import { klEstimates } from '../estimators/kl.js';
import { penaliseUnended } from '../estimators/shaped-rewards.js';
import { makeRollouts, type Rollout } from '../rollouts.js';
import type { OnlineMethod } from './methods.js';
import type { OnlineOptions, OnlineView } from './options.js';
import { answersTo, type OnlinePrompt, type OnlinePrompts } from './prompts.js';
import type { SummedReward } from './rewards.js';
import type { Memory, Round } from './round.js';
import { hostScores } from './score.js';
import { answerNumbers, lengthsOf, ratiosTo, rolloutTable } from './watch.js';

/** Everything that a round is made with. */
export interface Collecting {
  readonly stage: string;
  readonly method: OnlineMethod;
  readonly options: OnlineOptions;
  readonly view: Pick<OnlineView, 'answersAtOnce'>;
  readonly encoder: ChatEncoder;
  readonly prompts: OnlinePrompts;
  readonly tokens: number;
  readonly sampler: LiveModel;
  readonly reference?: LiveModel | undefined;
  /** Who gives values; undefined where the method has no critic. */
  readonly critic?: LiveModel | undefined;
  readonly reward: SummedReward;
  readonly seed: number;
  readonly signal: AbortSignal;
}

const joined = (lists: readonly Float32Array[]): Float32Array =>
  Float32Array.from(lists.flatMap((list) => Array.from(list)));
/** The critic's numbers that came with the answers. */
const joinedValues = (rollouts: readonly Rollout[]): Float32Array | undefined => {
  const lists = rollouts.flatMap(({ values }) => (values ? [values] : []));
  return lists.length === rollouts.length ? joined(lists) : undefined;
};
const chosen = <List extends Float32Array | Float64Array>(
  list: List,
  lengths: readonly number[],
  keep: readonly number[],
): number[] => {
  const starts = lengths.reduce<number[]>((all, length) => [...all, all.at(-1)! + length], [0]);
  return keep.flatMap((answer) => Array.from(list.subarray(starts[answer], starts[answer + 1])));
};

/** The round without the answers that the method does not learn from. */
function kept(round: Round, keep: readonly number[] | undefined): Round {
  if (!keep) return round;
  const lengths = lengthsOf(round.rollouts);
  return {
    ...round,
    rollouts: keep.map((answer) => round.rollouts[answer]!),
    old: Float32Array.from(chosen(round.old, lengths, keep)),
    advantages: Float64Array.from(keep, (answer) => round.advantages[answer]!),
    ...(round.reference && { reference: Float32Array.from(chosen(round.reference, lengths, keep)) }),
  };
}

/**
 * Answers, scored: a function of the weights, the seed, the round and the memory. Gives the memory with the new round in it, and a table of some answers.
 * @throws IngotError `bad-input` when every answer is empty; what the reward and generation throw.
 */
export async function collectRound(
  how: Collecting,
  asked: readonly OnlinePrompt[],
  at: { readonly step: number; readonly round: number; readonly memory: Memory; readonly shown: boolean },
): Promise<{ readonly memory: Memory; readonly events: readonly StageEvent[] }> {
  const { method, options, encoder, sampler, reference, critic, seed, signal, stage } = how;
  const { generations, kl: klIn, klEstimator = 'k1' } = options;
  const began = performance.now();
  const rollouts = await makeRollouts(sampler, asked, {
    encoder,
    tokens: how.tokens,
    generations,
    seed,
    round: at.round,
    atOnce: how.view.answersAtOnce,
    // A head on the policy's own trunk reads the very hidden states that answers are drawn from.
    ...(method.critic?.valueHead === 'shared' && { value: 'value' }),
    signal,
  });
  const seconds = (performance.now() - began) / 1000;
  if (rollouts.every(({ text }) => text.trim() === ''))
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' at step ${at.step + 1}: all ${rollouts.length} answers are empty. Is the model tuned to answer in this chat format? Run 'sft' before, or lower the learning rate and raise beta.`,
    );
  const answers = answersTo(how.prompts, rollouts);
  const { sum, means, each } = await how.reward.score(answers, `at step ${at.step + 1}`);
  const scores = penaliseUnended(
    sum,
    rollouts.map(({ ended }) => ended),
    options.missingEndPenalty,
  );
  const scoring = {
    size: options.microBatch,
    async breathe() {
      await breathe();
      signal.throwIfAborted();
    },
  };
  const old = joined(rollouts.map(({ logProbabilities }) => logProbabilities));
  const referenceLogs = reference && (await hostScores(reference, rollouts, 'tokens', scoring));
  const values = joinedValues(rollouts) ?? (critic && (await hostScores(critic, rollouts, 'values', scoring)));
  const lengths = lengthsOf(rollouts);
  const { beta, baseline } = at.memory;
  const judged = method.judge({
    scores,
    kl: referenceLogs ? klEstimates(old, referenceLogs, klEstimator) : new Float64Array(old.length),
    lengths,
    generations,
    beta: klIn === 'reward' ? beta : 0,
    draws: Float64Array.from(uniform(rollouts.length, namedKey(seed, `labels/${at.round}`))),
    ...(values && { values }),
    ...(baseline !== undefined && { baseline }),
  });
  const numbers = answerNumbers(rollouts, { old, reference: referenceLogs, scores });
  const start = at.memory.start ?? { entropy: numbers['entropy']!, length: numbers['length']! };
  const round: Round = {
    step: at.step,
    rollouts,
    old,
    advantages: judged.advantages,
    ...(referenceLogs && { reference: referenceLogs }),
    ...(values && { values }),
    ...(judged.returns && { returns: judged.returns }),
    ...(judged.better && { better: judged.better }),
    numbers: {
      ...numbers,
      ...ratiosTo(start, numbers),
      ...judged.numbers,
      ...(means.length > 1 ? Object.fromEntries(means.map((mean, i) => [`reward/${i + 1}`, mean])) : {}),
      ...(referenceLogs && { beta }),
      'speed/rolloutTokensPerSecond': old.length / seconds,
    },
  };
  const { adaptiveKl } = options;
  return {
    memory: {
      ...at.memory,
      start,
      round: kept(round, judged.keep),
      beta:
        adaptiveKl && numbers['kl'] !== undefined ? nextBeta(beta, numbers['kl'], rollouts.length, adaptiveKl) : beta,
      ...(judged.baseline !== undefined && { baseline: judged.baseline }),
    },
    events: at.shown
      ? rolloutTable(at.step + 1, rollouts, {
          prompts: how.prompts.all,
          scores,
          each,
          encoder,
          shown: options.watch.shown,
        })
      : [],
  };
}
