// What a codec wrote beside its blobs, checked when it is read back: a store may have been written by another version.
import { IngotError, type Json } from '@ingot/core';
import type * as z from 'zod';

/** The parsed meta. Throws `bad-value` when it is not what this version writes. */
export const readMeta = <S extends z.ZodType>(schema: S, meta: Json, kind: string): z.output<S> => {
  const parsed = schema.safeParse(meta);
  if (parsed.success) return parsed.data;
  const fault = parsed.error.issues[0];
  throw new IngotError(
    'bad-value',
    `The stored ${kind} cannot be read: its description at '${fault?.path.join('.') ?? ''}' is not as this version of @ingot/contracts writes it (${fault?.message ?? ''}). Make it again, or read it with the version that wrote it.`,
  );
};
