// Who beat whom in a row of ranked completions.
import type { FeedbackRow } from '@ingot/contracts';

/** Completions of one row by index: the winner's and the loser's. */
export interface RankedPair {
  readonly winner: number;
  readonly loser: number;
}

/**
 * - `all`: every two completions of different ranks, as InstructGPT: C(K, 2) pairs of K.
 * - `ends`: the best against the worst alone.
 */
export type PairsOfRow = 'all' | 'ends';

/** A completion's rank, 0 the best: as given, else its place in the row, which is the best first. */
const rankOf = ({ completions }: FeedbackRow, i: number): number => completions[i]?.rank ?? i;

/** The pairs of a row, best first. Ties, and completions with the same text, make no pair. */
export function rankedPairs(row: FeedbackRow, which: PairsOfRow = 'all'): RankedPair[] {
  const order = row.completions.map((_, i) => i).sort((a, b) => rankOf(row, a) - rankOf(row, b) || a - b);
  const pairs: RankedPair[] = [];
  const differ = (winner: number, loser: number): boolean =>
    rankOf(row, winner) < rankOf(row, loser) && row.completions[winner]?.text !== row.completions[loser]?.text;
  if (which === 'ends') {
    const [winner = 0, loser = 0] = [order[0], order.at(-1)];
    return differ(winner, loser) ? [{ winner, loser }] : [];
  }
  order.forEach((winner, i) => {
    for (const loser of order.slice(i + 1)) if (differ(winner, loser)) pairs.push({ winner, loser });
  });
  return pairs;
}
