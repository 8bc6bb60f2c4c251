// How a pattern that cannot be watched in a stream is refused.
import { IngotError } from '@ingot/core';

/** Throws `bad-options`. */
export const refuse = (pattern: string, wanted: string, got: string, advice: string): never => {
  throw new IngotError('bad-options', `The pattern /${pattern}/: wanted ${wanted}, got ${got}. ${advice}`);
};
