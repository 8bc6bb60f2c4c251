// The stage `pack`: documents become two streams of token ids, one for training and one for validation; and `split`, the same cut of the text alone.
import { Text, Tokenizer, Tokens, type TokenStream } from '@ingot/contracts';
import { defineStage, IngotError, table, text as line } from '@ingot/core';
import { loadTokenizer, type Tokenizer as Encoder } from '@ingot/text';
import * as z from 'zod';
import { splitDocuments, type Cut, type TextSplit } from './split-documents.js';
import { documentsOf, textOf } from './text-value.js';
import { joinIds, streamOf } from './token-stream.js';

const validation = z
  .number()
  .gt(0)
  .lt(1)
  .default(0.1)
  .describe('The share of documents kept for validation, chosen by the hash of their content.');

const cut = z
  .enum(['line-break', 'exact'])
  .default('line-break')
  .describe(
    "Where a text of one document is cut: at the next line break, or at exactly that character, as nanoGPT's prepare.py does.",
  );

const splitOf = (
  documents: readonly string[],
  { validation: fraction, cut: where }: { readonly validation: number; readonly cut: Cut },
  stage: string,
): TextSplit => {
  try {
    return splitDocuments(documents, fraction, where);
  } catch (error) {
    throw new IngotError(
      'bad-input',
      `Stage '${stage}' wanted a text that can be split into training and validation: ${(error as Error).message} Give a longer text.`,
      { cause: error },
    );
  }
};

/** Ids of documents, each followed by the end of text where the tokenizer has one; a single stream cut by position gets none. */
const encodeAll = (documents: readonly string[], encoder: Encoder, ends: boolean): TokenStream => {
  const end = ends && encoder.endOfText !== undefined ? Int32Array.of(encoder.endOfText) : new Int32Array(0);
  const parts = documents.flatMap((document) => [encoder.encode(document), end]);
  return streamOf(joinIds(parts), textOf(documents).bytes, documents.length);
};

const byPosition: Readonly<Record<Cut, string>> = {
  'line-break': 'The text is one document: it is cut at a line break, the end is for validation.',
  exact: 'The text is one document: it is cut by position, the end is for validation.',
};

/** Encodes a text, split by document, into streams of ids for training and validation. */
export const pack = defineStage({
  name: 'pack',
  version: 1,
  inputs: { text: Text, tokenizer: Tokenizer },
  outputs: { tokens: Tokens },
  options: z.strictObject({
    validation,
    cut,
    endOfText: z
      .boolean()
      .default(true)
      .describe('Put the end-of-text token after every document, where the tokenizer has one.'),
  }),
  async *run({ inputs, options }) {
    const { train, validation: held, by } = splitOf(await documentsOf(inputs.text), options, 'pack');
    if (by === 'position') yield line(byPosition[options.cut]);
    const encoder = loadTokenizer(inputs.tokenizer);
    const ends = options.endOfText && by === 'document';
    const splits = { train: encodeAll(train, encoder, ends), validation: encodeAll(held, encoder, ends) };
    yield table(
      'Tokens',
      Object.entries(splits).map(([split, { tokens, bytes, documents }]) => ({
        split,
        documents,
        bytes,
        tokens,
        'bytes per token': Number((bytes / tokens).toFixed(3)),
      })),
    );
    return { tokens: { vocabSize: inputs.tokenizer.vocabSize, tokenizer: inputs.tokenizer.digest, splits } };
  },
});

/** The same cut of a text as `pack` makes with the same options, as two texts. */
export const split = defineStage({
  name: 'split',
  version: 1,
  inputs: { text: Text },
  outputs: { train: Text, validation: Text },
  options: z.strictObject({ validation, cut }),
  async *run({ inputs, options }) {
    const { train, validation: held, by } = splitOf(await documentsOf(inputs.text), options, 'split');
    if (by === 'position') yield line(byPosition[options.cut]);
    return { train: textOf(train), validation: textOf(held) };
  },
});
