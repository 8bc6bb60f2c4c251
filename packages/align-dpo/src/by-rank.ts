// Partners by rank: the k-th smallest number of one list beside the k-th smallest of another.

/** For each number of `own`, the number of `other` that has the same rank; of equal numbers the earlier ranks lower. Both have N. */
export function partnersByRank(own: readonly number[], other: readonly number[]): Float32Array {
  const sorted = [...other].sort((a, b) => a - b);
  const partners = new Float32Array(own.length);
  const order = own.map((_, row) => row).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0));
  order.forEach((row, rank) => (partners[row] = sorted[rank] ?? NaN));
  return partners;
}
