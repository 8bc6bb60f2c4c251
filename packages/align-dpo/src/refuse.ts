// One form for batches that a loss cannot take.
import { IngotError } from '@ingot/core';

/** The error `bad-batch`: where, what was wanted, what was got, and what to try where there is an advice. */
export const refuse = (where: string, wanted: string, got: string, advice?: string): IngotError =>
  new IngotError('bad-batch', `${where}: wanted ${wanted}, got ${got}.${advice ? ` Try: ${advice}.` : ''}`);
