// A constitution: principles as data, each with what to look for, how to mend it, and which of two answers it prefers. Bai et al. 2022, appendix C.
import { canonical, digest } from '@ingot/core';
import * as z from 'zod';

/** The form of a constitution, to be read from JSON. */
export const constitutionSchema = z.strictObject({
  name: z.string().min(1),
  version: z.int().positive(),
  principles: z
    .array(
      z.strictObject({
        /** Names it in reports. */
        id: z.string().min(1),
        /** Asks for the faults of an answer. */
        critique: z.string().min(1),
        /** Asks for the answer without them. */
        revision: z.string().min(1),
        /** Says which of two answers to choose. */
        preference: z.string().min(1),
      }),
    )
    .min(1)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: 'expected ids that differ' }),
});
export type Constitution = z.output<typeof constitutionSchema>;
export type Principle = Constitution['principles'][number];

/** sha256 of the whole constitution: another word is another constitution. */
export const constitutionDigest = (constitution: Constitution): string =>
  digest(canonical(constitution, 'The constitution'));
