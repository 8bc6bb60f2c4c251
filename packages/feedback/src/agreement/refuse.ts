// One form for what agreement statistics refuse.
import { IngotError } from '@ingot/core';

/** Throws `bad-input` unless both lists have the same length. */
export function sameLength(what: string, first: readonly unknown[], second: readonly unknown[]): void {
  if (first.length !== second.length)
    throw new IngotError(
      'bad-input',
      `${what}: wanted two ratings of each item, got ${first.length} of the first rater and ${second.length} of the second.`,
    );
}
