// Many tests at once: Holm 1979, "A simple sequentially rejective multiple test procedure".
//   sorted upwards, p'(i) = max over j ≤ i of min(1, (m − j + 1) · p(j))

/** Adjusted p in the order given: rejecting those below α keeps the chance of one false alarm at all below α. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0) || a - b);
  const adjusted = ps.map(() => 0);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * (ps[index] ?? 0)));
    adjusted[index] = largest;
  }
  return adjusted;
}
