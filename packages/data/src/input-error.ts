// Errors about what a user gave to read: where, what was wanted, what was got, what to try.
import { IngotError } from '@ingot/core';

/** An error of code 'bad-input' about a file or folder. */
export const inputError = (where: string, wanted: string, got: string, attempt: string): IngotError =>
  new IngotError('bad-input', `${where}: wanted ${wanted}, got ${got}. ${attempt}`);
