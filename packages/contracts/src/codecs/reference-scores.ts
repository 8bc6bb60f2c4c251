// The reference's log-probabilities: rows of JSON, and how long a sequence was scored.
import type { Codec } from '@ingot/core';
import * as z from 'zod';
import type { ReferenceRow, ReferenceScoresValue } from '../values.js';
import { readMeta } from './json-meta.js';
import { rowsCodec } from './rows.js';

const Meta = z.strictObject({ maxTokens: z.int(), rows: z.json() });
const rows = rowsCodec<ReferenceRow>('reference log-probabilities');

/** As rows, with the limit beside them. Throws `not-keyable` for NaN and infinities. */
export const referenceScoresCodec: Codec<ReferenceScoresValue> = {
  write: async (value, to) => ({ maxTokens: value.maxTokens, rows: await rows.write(value, to) }),
  async read(meta, from) {
    const read = readMeta(Meta, meta, 'reference log-probabilities');
    return { maxTokens: read.maxTokens, ...(await rows.read(read.rows, from)) };
  },
};
