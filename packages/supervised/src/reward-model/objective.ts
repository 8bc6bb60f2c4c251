// What a reward model learns: the mean of its rankings' losses, and what it measures on held-out ones.
import { noGrad, scope } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';
import {
  accumulate,
  rankingOffsets,
  rankingsLoss,
  rewardScores,
  type Evaluated,
  type Objective,
  type Policy,
  type Tripwire,
} from '@ingot/training';
import { lengthBias } from './length-bias.js';
import { accuracyOf, calibration, measurePairs, type ScoredPair } from './measures.js';
import type { RewardModelOptions } from './options.js';
import type { Ranking } from './read-rankings.js';

const cut = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

type How = Pick<RewardModelOptions, 'packing' | 'centring' | 'margins'>;

/** Pairs of rankings as the model scores them, `rows` rankings at a time, without gradients. */
export function scorePairs(
  live: LiveModel,
  rankings: readonly Ranking[],
  { packing, rows }: Pick<How, 'packing'> & { readonly rows: number },
): ScoredPair[] {
  return cut(rankings, rows).flatMap((some) => {
    const answers = some.flatMap((ranking) => ranking.answers);
    const scores = noGrad(() => scope(() => rewardScores(live, answers, { packing }).read()));
    const starts = rankingOffsets(some);
    return some.flatMap(({ pairs, lengths }, i) =>
      pairs.map(({ winner, loser }) => ({
        winner: scores[starts[i]! + winner]!,
        loser: scores[starts[i]! + loser]!,
        winnerLength: lengths[winner]!,
        loserLength: lengths[loser]!,
      })),
    );
  });
}

/** From so many pairs on, what length could account for says something: of 16 pairs whose lengths are chance it seemed to be a half. */
const ENOUGH = 30;

/** Numbers of held-out pairs, by the names of the events. */
export function heldOutValues(pairs: readonly ScoredPair[], trained: boolean): Record<string, number> {
  const { share, controlledAccuracy } = lengthBias(pairs);
  return {
    ...measurePairs(pairs),
    calibrationError: calibration(pairs.map(({ winner, loser }) => winner - loser)).error,
    // An untrained head knows nothing of length: whatever it shows is chance.
    ...(trained && pairs.length >= ENOUGH ? { lengthShare: share, lengthControlledAccuracy: controlledAccuracy } : {}),
  };
}

const lengthWire = ({ lengthShare, lengthAction }: RewardModelOptions): Tripwire => ({
  name: 'length-bias',
  value: 'lengthShare',
  above: lengthShare,
  patience: 1,
  action: lengthAction,
  cause:
    'Length could account for most of the margins: the reward pays for long (or short) answers, or the better answers of this data are no more than that, and a policy trained on it will write them',
  remedies: [
    'pairs of equal length',
    'pairs that contradict length (shorter answers that were chosen)',
    'length normalisation or a length-desensitised loss in the alignment stage',
    'more, and more varied, feedback',
  ],
});

/** The objective of a policy on rankings. */
export function rewardObjective(
  policy: Policy,
  { rankings, heldOut }: { readonly rankings: readonly Ranking[]; readonly heldOut: readonly Ranking[] },
  options: RewardModelOptions,
  seed: number,
): Objective {
  const { batch, microBatch = batch, evalRows } = options;
  const watched = heldOut.slice(0, evalRows);
  return {
    rows: rankings.length,
    tripwires: [lengthWire(options)],
    gradients(rows, { step }) {
      const chosen = rows.map((row) => rankings[row]!);
      const margins: number[] = [];
      const micros = cut(chosen, microBatch).map((some, i) => ({ some, firstRow: i * microBatch }));
      const { loss } = accumulate(
        micros,
        ({ some }) => some.length,
        ({ some, firstRow }) => {
          policy.at(step, firstRow);
          const made = rankingsLoss(
            policy.live,
            some,
            { ...options, soft: options.targets === 'scores' },
            options.dropout ? { dropout: { seed, step, firstRow } } : {},
          );
          margins.push(...made.margins);
          return made.sum;
        },
      );
      return {
        loss,
        tokens: chosen.reduce((sum, { answers }) => sum + answers.reduce((all, { length }) => all + length, 0), 0),
        values: { 'train/accuracy': accuracyOf(margins), 'train/margin': mean(margins) },
      };
    },
    ...(watched.length === 0
      ? {}
      : {
          evaluate(step: number): Evaluated {
            const values = heldOutValues(scorePairs(policy.still, watched, { ...options, rows: microBatch }), step > 0);
            return { values, score: values['validationLoss']! };
          },
        }),
  };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
