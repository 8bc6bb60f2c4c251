// How an op without its kernel is composed: steps unrecorded, in a scope of their own, so that only the result outlives them.
import { noGrad } from '../record.js';
import { scope } from '../scope.js';

/** Runs the composition; frees every step but what it returns, and records nothing. */
export function composed<R>(body: () => R): R {
  return scope(() => noGrad(body));
}
