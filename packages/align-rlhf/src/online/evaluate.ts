// An evaluation: held-out prompts answered with the same draws each time, scored by the reward and by the gold one.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Evaluated } from '@ingot/training';
import { makeRollouts } from '../rollouts.js';
import type { Collecting } from './collect.js';
import { answersTo } from './prompts.js';
import { writeMemory, type Memory } from './round.js';
import { hostScores } from './score.js';
import type { SummedReward } from './rewards.js';
import { answerNumbers, judgeGold, rolloutTable } from './watch.js';

/** The round of the draws of evaluations: none of training's. */
const EVALUATION = -1;

/** Numbers of the model as it is; `score` is minus the reward. The memory keeps where the gold reward was best. */
export async function evaluateOnline(
  how: Omit<Collecting, 'critic'> & { readonly gold: SummedReward | undefined },
  step: number,
  memory: Memory,
): Promise<Evaluated> {
  const { options, encoder, sampler, reference, prompts, seed, signal } = how;
  const pool = prompts.heldOut.length > 0 ? prompts.heldOut : prompts.train;
  const asked = pool.slice(0, options.watch.samples);
  const rollouts = await makeRollouts(sampler, asked, {
    encoder,
    tokens: how.tokens,
    generations: 1,
    seed,
    round: EVALUATION,
    atOnce: how.view.answersAtOnce,
    signal,
  });
  const answers = answersTo(prompts, rollouts);
  const when = `at the evaluation of step ${step}`;
  const { sum: scores, each } = await how.reward.score(answers, when);
  const gold = how.gold && (await how.gold.score(answers, when)).sum;
  const old = Float32Array.from(rollouts.flatMap(({ logProbabilities }) => Array.from(logProbabilities)));
  const size = options.microBatch;
  const logs = reference && (await hostScores(reference, rollouts, 'tokens', { size, breathe: () => breathe() }));
  const numbers = answerNumbers(rollouts, { old, reference: logs, scores });
  const judged = gold && judgeGold(memory.best, gold, numbers['reward']!);
  const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`heldOut/${name}`, value]));
  return {
    values: {
      ...values,
      ...(judged && gold
        ? { 'heldOut/gold': gold.reduce((a, b) => a + b, 0) / gold.length, goldDrop: judged.goldDrop }
        : {}),
    },
    score: -numbers['reward']!,
    events: rolloutTable(step, rollouts, {
      prompts: prompts.all,
      scores,
      each,
      gold,
      encoder,
      shown: options.watch.shown,
      at: prompts.heldOut.length > 0 ? 'held out' : 'evaluation',
    }),
    ...(judged && { memory: writeMemory({ ...memory, best: judged.best }) }),
  };
}
