// Raw agreement of two raters: the share of items on which they say the same.
import { sameLength } from './refuse.js';

export type Category = string | number | boolean;

/** The share of items on which both said the same, 0 to 1; NaN without items. Throws `bad-input` for lists of different lengths. */
export function rawAgreement(first: readonly Category[], second: readonly Category[]): number {
  sameLength('Raw agreement', first, second);
  return first.filter((said, item) => said === second[item]).length / first.length;
}
