// Options are parsed strictly, with near misses for unknown keys.
import * as z from 'zod';
import * as messages from './messages.js';
import type { Parts } from './choice.js';

/** Throws `bad-options` for a key that is not among the known ones; zod cannot tell a strict object from a loose one by type. */
export const refuseUnknown = (given: object, known: readonly string[], where: string): void => {
  for (const key of Object.keys(given)) if (!known.includes(key)) throw messages.unknownOption(where, key, known);
};

/** The parsed options, defaults filled in. Throws `bad-options` with every issue and its path, and what is installed for a slot that was filled wrongly. */
export const parseOptions = (
  schema: z.ZodObject,
  given: object,
  where: string,
  installed: Parts,
): Record<string, unknown> => {
  refuseUnknown(given, Object.keys(schema.shape), where);
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const roles = parsed.error.issues.flatMap((issue) =>
      issue.code === 'custom' && typeof issue.params?.['role'] === 'string' ? [issue.params['role']] : [],
    );
    const choices = [...new Set(roles)].map((role) =>
      messages.installedParts(
        role,
        [...installed.values()].filter((part) => part.role === role).map((part) => part.name),
      ),
    );
    throw messages.badOptions(where, z.prettifyError(parsed.error), Object.keys(schema.shape), choices);
  }
  return parsed.data;
};
