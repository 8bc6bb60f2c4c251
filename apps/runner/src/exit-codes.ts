// The exit codes of the ingot command, and which error gives which.
import { IngotError } from '@ingot/core';

/** 0 done; 1 a stage, the store or the machine failed; 2 the command, a recipe or an option is wrong; 3 refused: for memory, by the gate or by a rail; 130 interrupted. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Codes of core that are the caller's to mend; what is not listed is a failure of the work itself. */
const BY_CODE: Readonly<Record<string, ExitCode>> = {
  'bad-kind': EXIT.usage,
  'bad-name': EXIT.usage,
  'bad-options': EXIT.usage,
  'bad-plugin': EXIT.usage,
  'bad-recipe': EXIT.usage,
  'bad-wiring': EXIT.usage,
  duplicate: EXIT.usage,
  'missing-service': EXIT.usage,
  'not-keyable': EXIT.usage,
  'two-cores': EXIT.usage,
  'unknown-name': EXIT.usage,
  'not-aligned': EXIT.refused,
  'out-of-memory': EXIT.refused,
  cancelled: EXIT.interrupted,
};

/** A command that was asked for the wrong thing: the text says where, what was wanted, what was got, what to try. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit code for an error that ended a command. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError) return EXIT.usage;
  return IngotError.is(error) ? (BY_CODE[error.code] ?? EXIT.failed) : EXIT.failed;
};
