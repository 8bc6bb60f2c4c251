// What is watched on held-out prompts: reward and gold reward, KL, length, variety; and whether gold falls while the proxy rises.
import { table, type StageEvent } from '@ingot/core';
import { degeneration } from '@ingot/decoding';
import { showPrompt, type ChatEncoder } from '@ingot/text';
import { correlate } from '../estimators/diagnostics.js';
import { answerSums } from '../estimators/sequences.js';
import type { Rollout } from '../rollouts.js';
import type { OnlinePrompt } from './prompts.js';
import type { Memory } from './round.js';

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / Math.max(1, x.length);
const deviation = (x: ArrayLike<number>): number => {
  const middle = mean(x);
  return Math.sqrt(mean(Array.from(x, (one) => (one - middle) ** 2)));
};
/** Tokens of each answer, its end token included. */
export const lengthsOf = (rollouts: readonly Rollout[]): number[] => rollouts.map(({ ids, from }) => ids.length - from);

/** Numbers of answers: `old` and `reference` are flat, `scores` one an answer. */
export function answerNumbers(
  rollouts: readonly Rollout[],
  {
    old,
    reference,
    scores,
  }: { readonly old: Float32Array; readonly reference?: Float32Array | undefined; readonly scores: ArrayLike<number> },
): Record<string, number> {
  const lengths = lengthsOf(rollouts);
  const { distinct2, repeated4 } = degeneration(rollouts.map(({ text }) => text));
  const kl =
    reference &&
    answerSums(
      old.map((log, t) => log - reference[t]!),
      lengths,
    );
  return {
    reward: mean(scores),
    'reward/deviation': deviation(scores),
    'reward/lengthCorrelation': correlate(scores, lengths),
    length: mean(lengths),
    ended: mean(rollouts.map(({ ended }) => (ended ? 1 : 0))),
    empty: mean(rollouts.map(({ text }) => (text.trim() === '' ? 1 : 0))),
    // −log π of what was drawn: its mean over draws is the entropy.
    entropy: -mean(old),
    'distinct-2': distinct2,
    'repeated-4': repeated4,
    ...(kl && { kl: mean(kl), klPerToken: mean(kl) / Math.max(1, mean(lengths)) }),
  };
}

/** Those of a round beside the first one's: ratios of entropy and length, which the tripwires watch. */
export const ratiosTo = (
  start: NonNullable<Memory['start']>,
  { entropy = 0, length = 0 }: Readonly<Record<string, number>>,
): Record<string, number> => ({
  entropyRatio: start.entropy > 0 ? entropy / start.entropy : 1,
  lengthRatio: length / Math.max(1, start.length),
});

/** The best gold reward so far, and by how many deviations the present one is below it while the proxy is above its own there. */
export function judgeGold(
  best: Memory['best'],
  gold: ArrayLike<number>,
  proxy: number,
): { readonly best: NonNullable<Memory['best']>; readonly goldDrop: number } {
  const now = mean(gold);
  if (!best) return { best: { gold: now, proxy, spread: Math.max(1e-6, deviation(gold)) }, goldDrop: 0 };
  if (now >= best.gold) return { best: { ...best, gold: now, proxy }, goldDrop: 0 };
  return { best, goldDrop: proxy > best.proxy ? (best.gold - now) / best.spread : 0 };
}

/** Answers of one prompt that a table shows, where a round has several prompts. */
const OF_A_PROMPT = 4;

/** Which answers are shown: of each of the first prompts the first few. */
export function shownOf(rollouts: readonly Pick<Rollout, 'row'>[], shown: number): readonly number[] {
  const seen = new Map<number, number>();
  const all = rollouts.map((_, i) => i);
  const few = all.filter((i) => {
    const { row } = rollouts[i]!;
    seen.set(row, (seen.get(row) ?? 0) + 1);
    return seen.get(row)! <= OF_A_PROMPT;
  });
  return (few.length < shown ? all : few).slice(0, shown);
}

/** Some answers as a table, for the report's browser of rollouts: the sum of the rewards, each of them where there are several (`each`), and the gold one. */
export function rolloutTable(
  step: number,
  rollouts: readonly Rollout[],
  {
    prompts,
    scores,
    each = [],
    gold,
    encoder,
    shown,
    at = '',
  }: {
    readonly prompts: readonly OnlinePrompt[];
    readonly scores: ArrayLike<number>;
    readonly each?: readonly ArrayLike<number>[];
    readonly gold?: ArrayLike<number> | undefined;
    readonly encoder: ChatEncoder;
    readonly shown: number;
    /** Said after the step: at an evaluation what was asked. */
    readonly at?: string;
  },
): StageEvent[] {
  if (shown === 0) return [];
  const rows = shownOf(rollouts, shown).map((i) => {
    const rollout = rollouts[i]!;
    return {
      prompt: showPrompt(encoder, prompts[rollout.row]!.prompt),
      answer: rollout.text,
      reward: scores[i]!,
      ...(each.length > 1 ? Object.fromEntries(each.map((one, which) => [`reward ${which + 1}`, one[i]!])) : {}),
      ...(gold && { gold: gold[i]! }),
      tokens: rollout.ids.length - rollout.from,
      ended: rollout.ended ? 'yes' : 'no',
    };
  });
  return [table(`Rollouts at step ${step}${at && `, ${at}`}`, rows)];
}
