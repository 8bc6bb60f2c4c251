// Agreement of any number of raters with missing ratings: α = 1 − D_o / D_e. Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".

export type Scale = 'nominal' | 'ordinal' | 'interval';
/** Squared difference of the values at places a ≤ b of the sorted values, from how often each value was said. */
type Difference = (a: number, b: number, values: readonly number[], counts: readonly number[]) => number;
const differences = {
  nominal: (a, b) => Number(a !== b),
  ordinal: (a, b, _, counts) => {
    let between = 0;
    for (let at = a; at <= b; at++) between += counts[at] ?? 0;
    return (between - ((counts[a] ?? 0) + (counts[b] ?? 0)) / 2) ** 2;
  },
  interval: (a, b, values) => ((values[a] ?? 0) - (values[b] ?? 0)) ** 2,
} satisfies Record<Scale, Difference>;

/**
 * α over raters (rows) and items (columns) of numbers, undefined where a rater said nothing; items with fewer than two ratings tell
 * nothing. 1 agrees always, 0 as chance would. NaN where nothing can be compared, or where everybody always says the same.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (number | undefined)[])[],
  scale: Scale = 'nominal',
): number {
  const items = Math.max(0, ...ratings.map((rater) => rater.length));
  const said = Array.from({ length: items }, (_, item) =>
    ratings.flatMap((rater) => (rater[item] === undefined ? [] : [rater[item]])),
  ).filter((values) => values.length > 1);
  const values = [...new Set(said.flat())].sort((a, b) => a - b);
  const place = new Map(values.map((value, at) => [value, at]));
  const places = said.map((one) => one.map((value) => place.get(value) ?? 0));
  const counts = values.map((_, at) => places.flat().filter((one) => one === at).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const difference: Difference = differences[scale];
  const between = (a: number, b: number): number => difference(Math.min(a, b), Math.max(a, b), values, counts);
  let observed = 0;
  for (const item of places)
    for (const [i, a] of item.entries())
      for (const [j, b] of item.entries()) if (i !== j) observed += between(a, b) / (item.length - 1);
  let expected = 0;
  for (const [a, countA] of counts.entries())
    for (const [b, countB] of counts.entries()) expected += (countA * countB * between(a, b)) / (total - 1);
  return 1 - observed / expected;
}
