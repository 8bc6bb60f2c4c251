// Byte-pair merging of one piece: of all adjacent pairs the one that was learnt first is merged, the leftmost of equals, until none is left
// (Sennrich et al. 2016, algorithm 1).
import { mergeLong } from './merge-long.js';
import { NONE, type PairTable } from './pair-table.js';

/** What pairs of ids become, and how early that was learnt. */
export interface Merges {
  /** The rank of each pair that merges. */
  readonly ranks: PairTable;
  /** By rank, the id that the merge makes. */
  readonly made: Int32Array;
}

/** Up to this length every merge looks at all pairs; beyond it a heap is quicker. */
const SHORT = 64;
/** The rank of the pair that begins at each place of a short piece; used within one call. */
const rankAt = new Int32Array(SHORT);

/** Merges the first `length` of `ids` in place; the result stands at their front. Returns its length. */
export const mergePairs = (ids: Int32Array, length: number, merges: Merges): number =>
  length > SHORT ? mergeLong(ids, length, merges) : mergeShort(ids, length, merges);

const mergeShort = (ids: Int32Array, length: number, merges: Merges): number => {
  for (let i = 0; i + 1 < length; i++) rankAt[i] = merges.ranks.get(ids[i]!, ids[i + 1]!);
  for (let n = length; ;) {
    let first = NONE;
    let at = 0;
    for (let i = 0; i + 1 < n; i++)
      if (rankAt[i]! < first) {
        first = rankAt[i]!;
        at = i;
      }
    if (first === NONE) return n;
    n--;
    ids[at] = merges.made[first]!;
    for (let i = at + 1; i < n; i++) {
      ids[i] = ids[i + 1]!;
      rankAt[i] = rankAt[i + 1]!;
    }
    if (at + 1 < n) rankAt[at] = merges.ranks.get(ids[at]!, ids[at + 1]!);
    if (at > 0) rankAt[at - 1] = merges.ranks.get(ids[at - 1]!, ids[at]!);
  }
};
