// Options of a loss: its schema's defaults filled in, and one form for what is refused.
import { IngotError } from '@ingot/core';
import * as z from 'zod';

/** The options with defaults; throws `bad-options` saying which of the loss's options is wrong and why. */
export function readOptions<O extends z.ZodObject>(loss: string, schema: O, given: z.input<O>): z.output<O> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new IngotError('bad-options', `Loss '${loss}': ${z.prettifyError(read.error)}`);
}

/** β, with TRL's default. */
export const beta = z
  .number()
  .positive()
  .default(0.1)
  .describe('How strongly the policy is held to the reference; TRL: 0.1.');

/** ε of losses for which 0 is the plain loss. */
export const labelSmoothing = (byDefault: number) =>
  z
    .number()
    .min(0)
    .lt(0.5)
    .default(byDefault)
    .describe(`Probability that a label is the wrong way round; TRL: 0, here ${byDefault}.`);
