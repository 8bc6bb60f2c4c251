// The loss of rankings under a model with a scalar head: every ranking's mean over its pairs, summed.
import { add, scope, type Tensor } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';
import type { RowsHow } from '../sequences/pack.js';
import type { RowsContext } from '../sequences/token-losses.js';
import type { RankedPair } from './ranked-pairs.js';
import { pickScores, rankingLoss } from './ranking-loss.js';
import { rewardScores } from './reward-scores.js';

/** Answers to one prompt as tokens, and who beat whom, as places among them. */
export interface RankedAnswers {
  /** Prompt, answer and the token that ends it, (K) of them. */
  readonly answers: readonly Int32Array[];
  readonly pairs: readonly RankedPair[];
  /** How much better each winner was said to be. */
  readonly margin?: number | undefined;
  /** The probability that the winner of the one pair is the better answer, where somebody said so. */
  readonly preference?: number | undefined;
}
export interface RankingsHow extends Pick<RowsHow, 'packing'> {
  readonly centring: number;
  /** Whether rows that say how much better the first is want that distance. */
  readonly margins: boolean;
  /** Whether rows with a `preference` want it as their target; their margin is then left out. */
  readonly soft?: boolean;
}

/** Where each ranking's answers begin among all of them. */
export function rankingOffsets(rankings: readonly RankedAnswers[]): number[] {
  let at = 0;
  return rankings.map(({ answers }) => {
    const first = at;
    at += answers.length;
    return first;
  });
}

/** Σ over rankings of the mean loss of their pairs, one element; and the margins r_w − r_l of all pairs. */
export function rankingsLoss(
  live: LiveModel,
  rankings: readonly RankedAnswers[],
  { packing, centring, margins, soft = false }: RankingsHow,
  context: RowsContext = {},
): { readonly sum: Tensor; readonly margins: readonly number[] } {
  return scope(() => {
    const scores = rewardScores(
      live,
      rankings.flatMap(({ answers }) => answers),
      { ...(packing === undefined ? {} : { packing }), ...context },
    );
    const host = scores.read();
    const starts = rankingOffsets(rankings);
    const losses = rankings.map(({ answers, pairs, margin, preference }, i) =>
      rankingLoss(
        pickScores(
          scores,
          answers.map((_, place) => starts[i]! + place),
        ),
        pairs,
        soft && preference !== undefined
          ? { centring, preference }
          : { centring, ...(margin === undefined || !margins ? {} : { margin }) },
      ),
    );
    return {
      sum: losses.reduce((sum, loss) => add(sum, loss)),
      margins: rankings.flatMap(({ pairs }, i) =>
        pairs.map(({ winner, loser }) => host[starts[i]! + winner]! - host[starts[i]! + loser]!),
      ),
    };
  });
}
