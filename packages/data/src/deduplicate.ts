// Exact deduplication: of documents that are equal, the first stays.
import { createHash } from 'node:crypto';
import { Text } from '@ingot/contracts';
import { defineStage, table } from '@ingot/core';
import * as z from 'zod';
import { documentsOf, textOf } from './text-value.js';

/** The documents without later copies of an earlier one, in order; equality after `same` was applied to both. */
export const withoutCopies = (
  documents: readonly string[],
  same: (document: string) => string = (document) => document,
): string[] => {
  const seen = new Set<string>();
  return documents.filter((document) => {
    const digest = createHash('sha256').update(same(document)).digest('base64');
    return !seen.has(digest) && seen.add(digest);
  });
};

/** Case, punctuation and white space do not make two documents differ. */
const lettersAndNumbers = (document: string): string =>
  document
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Drops documents that are equal to an earlier one. */
export const deduplicate = defineStage({
  name: 'deduplicate',
  version: 1,
  inputs: { text: Text },
  outputs: { text: Text },
  options: z.strictObject({
    ignore: z
      .enum(['nothing', 'case-and-punctuation'])
      .default('nothing')
      .describe('What does not make two documents differ.'),
  }),
  async *run({ inputs, options }) {
    const before = await documentsOf(inputs.text);
    const kept = withoutCopies(before, options.ignore === 'nothing' ? undefined : lettersAndNumbers);
    yield table('Deduplication', [
      { documents: before.length, kept: kept.length, copies: before.length - kept.length },
    ]);
    return { text: textOf(kept) };
  },
});
