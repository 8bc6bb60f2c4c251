// The one refusal of all calculators: a quantity that is no positive number.
import { IngotError } from '@ingot/core';

/** Throws `bad-options` unless every quantity is a finite number above zero. */
export function checkPositive(quantities: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(quantities))
    if (!(value > 0 && Number.isFinite(value)))
      throw new IngotError('bad-options', `'${name}' should be a number above 0, got ${value}.`);
}
/** Throws `bad-options` unless every size is a whole number above zero. */
export function checkSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(sizes))
    if (!Number.isSafeInteger(value) || value <= 0)
      throw new IngotError('bad-options', `'${name}' should be a whole number above 0, got ${value}.`);
}
