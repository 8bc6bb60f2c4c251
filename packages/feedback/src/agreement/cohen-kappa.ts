// Agreement of two raters beyond chance: κ = (p_o − p_e) / (1 − p_e). Cohen 1960; with weights for ordered categories, Cohen 1968.
import type { Category } from './raw-agreement.js';
import { sameLength } from './refuse.js';

type Weights = 'none' | 'linear' | 'quadratic';
/** How much two categories disagree, by the distance of their places. */
const disagreement = {
  none: (distance) => (distance === 0 ? 0 : 1),
  linear: (distance) => distance,
  quadratic: (distance) => distance ** 2,
} satisfies Record<Weights, (distance: number) => number>;

export interface KappaOptions {
  /** All categories, in their order where there is one; those that were said, sorted, unless given. */
  readonly categories?: readonly Category[];
  /** Whether neighbouring categories disagree less than distant ones; 'none' unless said. */
  readonly weights?: Weights;
}

/**
 * κ of two raters' words on the same items: 1 agrees always, 0 as often as chance would, below 0 less often. NaN without items, and where
 * both raters always say the same one category, for then chance explains everything. Throws `bad-input` for lists of different lengths.
 */
export function cohenKappa(
  first: readonly Category[],
  second: readonly Category[],
  { categories, weights = 'none' }: KappaOptions = {},
): number {
  sameLength("Cohen's κ", first, second);
  const order = categories ?? [...new Set([...first, ...second])].sort((a, b) => (a < b ? -1 : Number(a > b)));
  const place = new Map(order.map((category, at) => [category, at]));
  const placeOf = (category: Category): number => place.get(category) ?? NaN;
  const counts = (said: readonly Category[]): number[] =>
    order.map((category) => said.filter((one) => one === category).length);
  const [ofFirst, ofSecond] = [counts(first), counts(second)];
  const weigh = disagreement[weights];
  const observed =
    first.reduce<number>((sum, said, item) => sum + weigh(Math.abs(placeOf(said) - placeOf(second[item] ?? NaN))), 0) /
    first.length;
  let expected = 0;
  for (const [a, countA] of ofFirst.entries())
    for (const [b, countB] of ofSecond.entries())
      expected += (weigh(Math.abs(a - b)) * countA * countB) / first.length ** 2;
  return 1 - observed / expected;
}
