// Options of every stage that asks a judge.
import * as z from 'zod';

/** Fields to spread into a stage's options. `maxMissing` decides whether there is a result; the others change it. */
export const askOptions = {
  timeoutMs: z.int().positive().default(30_000).describe('How long a judge may take for one question.'),
  retries: z.int().nonnegative().default(1).describe('Tries after one that failed.'),
  maxMissing: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('The largest share of questions without a verdict; above it the stage fails.'),
};
