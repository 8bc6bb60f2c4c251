// A measure's value and interval, and two models' measures compared item by item.
import { type Measure, measureOf, measureValue } from '@ingot/contracts';
import { bootstrapInterval } from './statistics/bootstrap.js';
import { mcnemar } from './statistics/mcnemar.js';
import { pairedSharesInterval } from './statistics/paired-shares.js';
import { permutationTest } from './statistics/permutation.js';
import { type Interval, refuse } from './statistics/refuse.js';
import { wilsonInterval } from './statistics/wilson.js';

export interface ComparisonOptions {
  /** 0.95 unless said. */
  readonly confidence?: number;
  /** Of resamples and exchanges; 0 unless said. */
  readonly seed?: number;
}

type Item = Measure['items'][number];

const isBinary = (items: readonly Item[]): boolean =>
  items.every(({ value, weight }) => (value === 0 || value === 1) && weight === 1);

/** Bounds of a measure: Wilson's for yes and no, else the BCa bootstrap over items; undefined for a single item that is not yes or no. */
export function measureInterval(
  measure: Measure,
  { confidence = 0.95, seed = 0 }: ComparisonOptions = {},
): Interval | undefined {
  const { items } = measure;
  if (items.length > 0 && isBinary(items))
    return wilsonInterval(
      items.reduce((sum, { value }) => sum + value, 0),
      items.length,
      confidence,
    );
  if (items.length < 2) return undefined;
  return bootstrapInterval(items.length, (indices) => measureOf(measure, indices), { confidence, seed });
}

export interface Comparison {
  /** The first's number less the second's. */
  readonly difference: number;
  /** Which of the two is better by these numbers. */
  readonly better: 'first' | 'second' | 'neither';
  /** Of the difference: Newcombe's for yes and no, else BCa bootstrap over pairs of items; undefined for a single item. */
  readonly interval: Interval | undefined;
  /** Two-sided; undefined for a single item. */
  readonly p: number | undefined;
  readonly test: 'McNemar, exact' | 'paired permutation' | 'none, one item';
  readonly items: number;
}

/**
 * How two models differ on the same items. Yes and no: McNemar's exact test; else the permutation test of the pairs' parts in the difference
 * of weighted means. Throws `bad-value` when the two measures are not of the same items.
 */
export function compareMeasures(
  first: Measure,
  second: Measure,
  { confidence = 0.95, seed = 0 }: ComparisonOptions = {},
): Comparison {
  const count = first.items.length;
  if (first.name !== second.name || count !== second.items.length)
    refuse(
      'A comparison',
      `two times the measure '${first.name}' of ${count} items`,
      `'${second.name}' of ${second.items.length}`,
    );
  const difference = measureValue(first) - measureValue(second);
  const sign = Math.sign(difference) * (first.better === 'higher' ? 1 : -1);
  const better = sign > 0 ? 'first' : sign < 0 ? 'second' : 'neither';
  if (count < 2) return { difference, better, interval: undefined, p: undefined, test: 'none, one item', items: count };
  if (isBinary(first.items) && isBinary(second.items)) {
    const counted = (own: 0 | 1, other: 0 | 1): number =>
      first.items.filter(({ value }, i) => value === own && second.items[i]?.value === other).length;
    const agreement = { both: counted(1, 1), first: counted(1, 0), second: counted(0, 1), neither: counted(0, 0) };
    return {
      difference,
      better,
      interval: pairedSharesInterval(agreement, confidence),
      p: mcnemar(agreement.first, agreement.second),
      test: 'McNemar, exact',
      items: count,
    };
  }
  const interval = bootstrapInterval(count, (indices) => measureOf(first, indices) - measureOf(second, indices), {
    confidence,
    seed,
  });
  const total = ({ items }: Measure): number => items.reduce((sum, { weight }) => sum + weight, 0);
  const [a, b] = [total(first), total(second)];
  const parts = first.items.map(({ value, weight }, i) => {
    const other = second.items[i] ?? { value: 0, weight: 0 };
    return (value * weight) / a - (other.value * other.weight) / b;
  });
  return {
    difference,
    better,
    interval,
    p: permutationTest(parts, { seed }),
    test: 'paired permutation',
    items: count,
  };
}
