// A design is plain JSON, beside the tokenizer that it carries.
import { canonical, type BlobReader, type BlobWriter, type Codec, type Json } from '@ingot/core';
import * as z from 'zod';
import type { DesignValue } from '../values.js';
import { readMeta } from './json-meta.js';
import { TokenizerMeta, readTokenizer, writeTokenizer } from './tokenizer.js';

export const DesignMeta = z.strictObject({
  family: z.string(),
  version: z.int(),
  config: z.record(z.string(), z.json()),
  vocabSize: z.int(),
  context: z.int(),
  tokenizer: TokenizerMeta,
  chat: z
    .strictObject({
      name: z.string(),
      template: z.string(),
      endOfTurn: z.string(),
      beginOfText: z.string().exactOptional(),
    })
    .exactOptional(),
});

/** Writes the tokenizer's blob and gives the description; a model holds its design. Throws `not-keyable` when the config is not plain JSON. */
export const writeDesign = async (
  { tokenizer, config, ...rest }: DesignValue,
  to: BlobWriter,
): Promise<z.output<typeof DesignMeta>> => {
  canonical(config, `The config of a design of family '${rest.family}'`);
  const plain = JSON.parse(JSON.stringify(config)) as Record<string, never>;
  return {
    family: rest.family,
    version: rest.version,
    config: plain,
    vocabSize: rest.vocabSize,
    context: rest.context,
    tokenizer: await writeTokenizer(tokenizer, to),
    ...(rest.chat && { chat: rest.chat }),
  };
};
/** The design whose tokenizer is among these blobs. */
export const readDesign = async (
  { tokenizer, ...design }: z.output<typeof DesignMeta>,
  from: BlobReader,
): Promise<DesignValue> => ({
  ...design,
  tokenizer: await readTokenizer(tokenizer, from),
});

/** The blob `tokenizer.json`, and the design beside it. */
export const designCodec: Codec<DesignValue> = {
  write: async (value, to) => (await writeDesign(value, to)) as Json,
  read: (meta, from) => readDesign(readMeta(DesignMeta, meta, 'design'), from),
};
