// Byte-pair merging of one piece: of all adjacent pairs the one that was learnt first is merged, the leftmost of equals, until none is left
// (Sennrich et al. 2016, algorithm 1).
import { mergeLong } from './merge-long.js';
import { NEVER, type MergeTable } from './merge-table.js';

/** Up to this length every merge looks at all pairs; beyond it a heap is quicker. */
const SHORT = 48;
/** The rank of the pair that begins at each place of a short piece; used within one call. */
const ranks = new Int32Array(SHORT);

/** Merges the first `length` of `ids` in place; the result stands at their front. Returns its length. */
export const mergePairs = (ids: Int32Array, length: number, merges: MergeTable): number =>
  length > SHORT ? mergeLong(ids, length, merges) : mergeShort(ids, length, merges);

const mergeShort = (ids: Int32Array, length: number, merges: MergeTable): number => {
  for (let i = 0; i + 1 < length; i++) ranks[i] = merges.rank(ids[i]!, ids[i + 1]!);
  for (let n = length; ;) {
    let first = NEVER;
    let at = 0;
    for (let i = 0; i + 1 < n; i++)
      if (ranks[i]! < first) {
        first = ranks[i]!;
        at = i;
      }
    if (first === NEVER) return n;
    n--;
    ids[at] = merges.made[first]!;
    for (let i = at + 1; i < n; i++) {
      ids[i] = ids[i + 1]!;
      ranks[i] = ranks[i + 1]!;
    }
    if (at + 1 < n) ranks[at] = merges.rank(ids[at]!, ids[at + 1]!);
    if (at > 0) ranks[at - 1] = merges.rank(ids[at - 1]!, ids[at]!);
  }
};
