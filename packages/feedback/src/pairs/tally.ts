// What the stage `pairs` tells about its pairs: sums that stand in checkpoints, and tables of them.
import type { EventTypes } from '@ingot/core';
import { freshCounts, type JudgeCounts } from '../judges/missing.js';
import { freshBias, lengthCorrelation, type BiasSums, type Measured } from './length-bias.js';

/** Plain JSON. */
interface Sums {
  count: number;
  score: number;
  tokens: number;
  characters: number;
}
export type Dropped = 'too long' | 'no two different' | 'no verdict' | 'tie';
export interface Tally {
  readonly all: Sums;
  readonly best: Sums;
  readonly worst: Sums;
  scoreSquares: number;
  /** Samples that said themselves that they are at their end. */
  ended: number;
  empty: number;
  prompts: number;
  readonly dropped: Record<Dropped, number>;
  bestLonger: number;
  readonly bias: BiasSums;
  readonly judge: JudgeCounts;
}
const freshSums = (): Sums => ({ count: 0, score: 0, tokens: 0, characters: 0 });
/** Before the first prompt. */
export const freshTally = (): Tally => ({
  all: freshSums(),
  best: freshSums(),
  worst: freshSums(),
  scoreSquares: 0,
  ended: 0,
  empty: 0,
  prompts: 0,
  dropped: { 'too long': 0, 'no two different': 0, 'no verdict': 0, tie: 0 },
  bestLonger: 0,
  bias: freshBias(),
  judge: freshCounts(),
});

/** Adds one scored sample to sums. */
export function addSample(sums: Sums, { text, tokens, score }: Measured): void {
  sums.count++;
  sums.score += score;
  sums.tokens += tokens;
  sums.characters += text.length;
}

const rounded = (value: number): number => Number(value.toPrecision(4));
const means = (name: string, { count, score, tokens, characters }: Sums) => ({
  samples: name,
  count,
  reward: rounded(score / Math.max(1, count)),
  tokens: rounded(tokens / Math.max(1, count)),
  characters: rounded(characters / Math.max(1, count)),
});

/** Mean and standard deviation of the reward over all scored samples: what the reward `standardise` wants. */
export function rewardScale({ all, scoreSquares }: Tally): { readonly mean: number; readonly deviation: number } {
  const mean = all.score / Math.max(1, all.count);
  return { mean, deviation: Math.sqrt(Math.max(0, scoreSquares / Math.max(1, all.count) - mean ** 2)) };
}

/** Means of best, worst and all samples. */
export const sampleRows = ({ all, best, worst }: Tally): EventTypes['table']['rows'] => [
  means('best', best),
  means('worst', worst),
  means('all', all),
];

/** Shares of prompts and samples, and how reward and length go together. */
export function shareRows(tally: Tally): EventTypes['table']['rows'] {
  const { prompts, dropped, best, all, ended, empty, bestLonger, judge } = tally;
  const share = (count: number, of: number): string => (of === 0 ? '–' : `${((100 * count) / of).toFixed(1)}%`);
  const length = lengthCorrelation(tally.bias);
  const { mean, deviation } = rewardScale(tally);
  return [
    { measure: 'prompts', value: prompts },
    { measure: 'pairs', value: best.count },
    ...Object.entries(dropped)
      .filter(([, count]) => count > 0)
      .map(([why, count]) => ({ measure: `prompts dropped: ${why}`, value: share(count, prompts) })),
    { measure: 'samples that ended by themselves', value: share(ended, all.count + empty) },
    { measure: 'empty samples, left out', value: empty },
    { measure: 'reward: mean', value: rounded(mean) },
    { measure: 'reward: standard deviation', value: rounded(deviation) },
    { measure: 'pairs whose best is longer', value: share(bestLonger, best.count) },
    {
      measure: 'reward and length within prompts, r',
      value: length ? `${length.r.toFixed(3)} (${length.unit})` : '–',
    },
    ...(judge.asked === 0
      ? []
      : [
          { measure: 'judge: questions', value: judge.asked },
          { measure: 'judge: no verdict', value: share(judge.missing, judge.asked) },
          { measure: 'judge: same side when swapped', value: share(judge.consistent, judge.asked - judge.missing) },
        ]),
  ];
}
