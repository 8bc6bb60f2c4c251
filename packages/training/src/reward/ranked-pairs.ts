// Who beat whom in a row of ranked completions.
import type { FeedbackRow } from '@ingot/contracts';

/** Completions of one row by index: the winner's and the loser's. */
export interface RankedPair {
  readonly winner: number;
  readonly loser: number;
}

/**
 * - `all`: every two completions of different ranks, as InstructGPT: C(K, 2) pairs of K.
 * - `best-worst`: the best against the worst alone.
 */
export type PairsOfRow = 'all' | 'best-worst';

/** A completion's rank, lower is better: as given, else by its score, else by its label, else its place in the row, which is the best first. */
const rankOf = ({ completions }: FeedbackRow, i: number): number => {
  const { rank, score, label } = completions[i] ?? {};
  return rank ?? (score !== undefined ? -score : label !== undefined ? Number(!label) : i);
};

/** The pairs of a row, best first. Ties make no pair. */
export function rankedPairs(row: FeedbackRow, which: PairsOfRow = 'all'): RankedPair[] {
  const ranks = row.completions.map((_, i) => rankOf(row, i));
  const order = ranks.map((_, i) => i).sort((a, b) => ranks[a]! - ranks[b]! || a - b);
  const ends = which === 'all' || order.length < 3 ? order : [order[0]!, order.at(-1)!];
  return ends.flatMap((winner, i) =>
    ends.slice(i + 1).flatMap((loser) => (ranks[winner]! < ranks[loser]! ? [{ winner, loser }] : [])),
  );
}
