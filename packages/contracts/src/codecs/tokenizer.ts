// A tokenizer is stored as its tokenizer.json, which other tools can read as it is.
import type { BlobReader, BlobWriter, Codec } from '@ingot/core';
import * as z from 'zod';
import type { TokenizerValue } from '../values.js';
import { readMeta } from './json-meta.js';

export const TokenizerMeta = z.strictObject({ vocabSize: z.int(), digest: z.string() });
const BLOB = 'tokenizer.json';

/** Writes the blob and gives the description; designs and models hold a tokenizer too. */
export const writeTokenizer = async (
  { json, vocabSize, digest }: TokenizerValue,
  to: BlobWriter,
): Promise<z.output<typeof TokenizerMeta>> => {
  await to.put(BLOB, new TextEncoder().encode(JSON.stringify(json)));
  return { vocabSize, digest };
};
/** The tokenizer whose blob is among these. */
export const readTokenizer = async (
  meta: z.output<typeof TokenizerMeta>,
  from: BlobReader,
): Promise<TokenizerValue> => ({
  json: JSON.parse(new TextDecoder().decode(await from.read(BLOB))) as unknown,
  ...meta,
});

/** One blob, `tokenizer.json`. */
export const tokenizerCodec: Codec<TokenizerValue> = {
  write: writeTokenizer,
  read: (meta, from) => readTokenizer(readMeta(TokenizerMeta, meta, 'tokenizer'), from),
};
