// How statistics refuse what they cannot be computed from.
import { IngotError } from '@ingot/core';

/** Two-sided bounds. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Throws `bad-value` with what was wanted and got. */
export const refuse = (what: string, wanted: string, got: string): never => {
  throw new IngotError('bad-value', `${what}: wanted ${wanted}, got ${got}.`);
};

/** Throws `bad-value` unless both lists have the same length, of `least` at least. */
export const checkPairs = (what: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>, least: number): void => {
  if (a.length !== b.length || a.length < least)
    refuse(what, `as many items of both, ${least} at least`, `${a.length} and ${b.length}`);
};

/** Throws `bad-value` unless 0 < confidence < 1. */
export const checkConfidence = (what: string, confidence: number): void => {
  if (!(confidence > 0 && confidence < 1)) refuse(what, 'a confidence between 0 and 1', String(confidence));
};
