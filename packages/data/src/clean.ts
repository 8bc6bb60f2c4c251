// Cleaning of documents, as pure functions, and the stage `clean`.
import { Text } from '@ingot/contracts';
import { defineStage, IngotError, table } from '@ingot/core';
import * as z from 'zod';
import { documentsOf, textOf } from './text-value.js';

const cleanOptions = z.strictObject({
  normalise: z.enum(['NFC', 'NFKC', 'none']).default('NFC').describe('Unicode normalisation form.'),
  controls: z.enum(['remove', 'keep']).default('remove').describe('Control characters other than tab and line feed.'),
  spaces: z
    .enum(['keep', 'trim-lines', 'collapse'])
    .default('trim-lines')
    .describe(
      'White space: kept, cut at line ends (and at most one empty line in a row), or also runs joined to one space.',
    ),
  minCharacters: z.int().nonnegative().default(1).describe('Shorter documents are dropped.'),
  maxCharacters: z.int().positive().optional().describe('Longer documents are dropped.'),
  dropLines: z.array(z.string()).default([]).describe('Regular expressions: a line that matches one is removed.'),
  dropDocuments: z
    .array(z.string())
    .default([])
    .describe('Regular expressions: a document that matches one is dropped.'),
});
export type CleanOptions = z.output<typeof cleanOptions>;

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

const SPACES = {
  keep: (text: string) => text,
  'trim-lines': (text: string) =>
    text
      .replace(/[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  collapse: (text: string) =>
    text
      .replace(/[ \t]+/g, ' ')
      .replace(/^ | $/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
} as const satisfies Record<CleanOptions['spaces'], (text: string) => string>;

const patterns = (sources: readonly string[], option: string): RegExp[] =>
  sources.map((source) => {
    try {
      return new RegExp(source, 'u');
    } catch (error) {
      throw new IngotError(
        'bad-options',
        `Stage 'clean', option '${option}': wanted a regular expression, got '${source}': ${(error as Error).message}. Try it in a JavaScript console with the flag u.`,
      );
    }
  });

/**
 * A function that cleans one document, or gives undefined when the document is to be dropped.
 * Throws 'bad-options' for a pattern that is not a regular expression.
 */
export const cleaner = (options: CleanOptions): ((document: string) => string | undefined) => {
  const lines = patterns(options.dropLines, 'dropLines');
  const documents = patterns(options.dropDocuments, 'dropDocuments');
  return (document) => {
    if (documents.some((pattern) => pattern.test(document))) return undefined;
    let text = options.normalise === 'none' ? document : document.normalize(options.normalise);
    if (options.controls === 'remove') text = text.replaceAll('\r\n', '\n').replace(CONTROLS, '');
    if (lines.length > 0)
      text = text
        .split('\n')
        .filter((line) => !lines.some((pattern) => pattern.test(line)))
        .join('\n');
    text = SPACES[options.spaces](text);
    return text.length < options.minCharacters || text.length > (options.maxCharacters ?? Infinity) ? undefined : text;
  };
};

/** Cleans every document and drops those that the options drop; refuses to drop all of them. */
export const clean = defineStage({
  name: 'clean',
  version: 1,
  inputs: { text: Text },
  outputs: { text: Text },
  options: cleanOptions,
  async *run({ inputs, options }) {
    const cleanOne = cleaner(options);
    const before = await documentsOf(inputs.text);
    const kept = before.map(cleanOne).filter((document) => document !== undefined);
    if (kept.length === 0)
      throw new IngotError(
        'bad-input',
        `Stage 'clean' dropped all ${before.length} documents: wanted at least one left. Loosen minCharacters, maxCharacters or dropDocuments.`,
      );
    const value = textOf(kept);
    yield table('Cleaning', [
      { documents: before.length, kept: kept.length, bytesBefore: inputs.text.bytes, bytesAfter: value.bytes },
    ]);
    return { text: value };
  },
});
