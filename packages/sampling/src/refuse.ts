// One form for what samplers refuse.
import { IngotError } from '@ingot/core';

/** Throws `bad-options` unless it holds. */
export function refuseUnless(holds: boolean, what: string, wanted: string, got: number): void {
  if (!holds) throw new IngotError('bad-options', `Sampler ${what}: wanted ${wanted}, got ${got}.`);
}
