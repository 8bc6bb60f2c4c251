// Deduplication of documents and of examples, exact or near: of copies the first stays.
import { createHash } from 'node:crypto';
import { Examples, Text, type ExampleRow } from '@ingot/contracts';
import { defineStage, table } from '@ingot/core';
import * as z from 'zod';
import { listOf, rowsOf } from './feedback/load-rows.js';
import { withoutNearCopies } from './minhash.js';
import { lettersAndNumbers } from './shingles.js';
import { documentsOf, textOf } from './text-value.js';

const firstOfEach = <Item>(items: readonly Item[], same: (item: Item) => string): Item[] => {
  const seen = new Set<string>();
  return items.filter((item) => {
    const digest = createHash('sha256').update(same(item)).digest('base64');
    return !seen.has(digest) && seen.add(digest);
  });
};

/** The documents without later copies of an earlier one, in order; equality after `same` was applied to both. */
export const withoutCopies = (
  documents: readonly string[],
  same: (document: string) => string = (document) => document,
): string[] => firstOfEach(documents, same);

const options = z
  .strictObject({
    method: z
      .enum(['exact', 'minhash'])
      .default('exact')
      .describe('Copies that are equal, or also those that share most runs of words (MinHash).'),
    ignore: z
      .enum(['nothing', 'case-and-punctuation'])
      .default('nothing')
      .describe('What does not make two documents differ; minhash never looks at case and punctuation.'),
    permutations: z.int().min(1).max(4096).default(128).describe('minhash: length of a signature.'),
    bands: z
      .int()
      .positive()
      .optional()
      .describe('minhash: a divisor of permutations; fitting the threshold by default.'),
    threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.8)
      .describe('minhash: the Jaccard similarity from which two are copies.'),
    shingle: z.int().positive().default(5).describe('minhash: how many words in a row are compared.'),
  })
  .check(({ value, issues }) => {
    if (value.bands !== undefined && value.permutations % value.bands !== 0)
      issues.push({
        code: 'custom',
        path: ['bands'],
        input: value.bands,
        message: `wanted a divisor of permutations (${value.permutations}), got ${value.bands}`,
      });
  });

const unique = <Item>(items: readonly Item[], text: (item: Item) => string, how: z.output<typeof options>): Item[] => {
  if (how.method === 'minhash') return withoutNearCopies(items, text, how);
  return firstOfEach(items, how.ignore === 'nothing' ? text : (item) => lettersAndNumbers(text(item)));
};

/** Drops documents that are equal, or nearly equal, to an earlier one. */
export const deduplicate = defineStage({
  name: 'deduplicate',
  version: 1,
  inputs: { text: Text },
  outputs: { text: Text },
  options,
  async *run({ inputs, options: how }) {
    const before = await documentsOf(inputs.text);
    const kept = unique(before, (document) => document, how);
    yield table('Deduplication', [
      { documents: before.length, kept: kept.length, copies: before.length - kept.length },
    ]);
    return { text: textOf(kept) };
  },
});

/** All that an example says; who says it is part of it. */
const spelt = (row: ExampleRow): string => {
  if ('messages' in row) return row.messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
  return 'prompt' in row ? `${row.prompt}\n\n${row.completion}` : row.text;
};

/** Drops examples that are equal, or nearly equal, to an earlier one: prompt and answer together. */
export const deduplicateExamples = defineStage({
  name: 'deduplicate-examples',
  version: 1,
  inputs: { examples: Examples },
  outputs: { examples: Examples },
  options,
  async *run({ inputs, options: how }) {
    const before = await listOf(inputs.examples);
    const kept = unique(before, spelt, how);
    yield table('Deduplication', [{ examples: before.length, kept: kept.length, copies: before.length - kept.length }]);
    return { examples: rowsOf(kept) };
  },
});
