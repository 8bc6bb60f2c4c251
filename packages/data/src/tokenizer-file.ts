// The stage `tokenizer`: a tokenizer that somebody else made, from its tokenizer.json.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Tokenizer } from '@ingot/contracts';
import { defineStage, IngotError, table } from '@ingot/core';
import { FormatError, readTokenizerJson } from '@ingot/formats';
import { tokenizerValue } from '@ingot/text';
import * as z from 'zod';
import { inputError } from './input-error.js';

const readBytes = async (path: string): Promise<Uint8Array> =>
  readFile(resolve(path)).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      path,
      'a tokenizer.json',
      error.code === 'ENOENT' ? 'nothing there' : error.message,
      'Check the path: a relative one starts at the working folder.',
    );
  });

/** Reads Hugging Face's tokenizer.json (byte-level BPE, or characters as Ingot writes them). Its key follows the content, never the path. */
export const tokenizer = defineStage({
  name: 'tokenizer',
  version: 1,
  inputs: {},
  outputs: { tokenizer: Tokenizer },
  options: z.strictObject({}),
  view: z.strictObject({ path: z.string().min(1).describe('The tokenizer.json file.') }),
  fingerprint: async ({ path }) =>
    createHash('sha256')
      .update(await readBytes(path))
      .digest('hex'),
  watches: ({ path }) => [path],
  async *run({ view: { path } }) {
    try {
      const value = tokenizerValue(readTokenizerJson(await readBytes(path), path));
      yield table('Tokenizer', [{ tokens: value.vocabSize, file: path }]);
      return { tokenizer: value };
    } catch (error) {
      if (FormatError.is(error)) throw new IngotError('bad-input', (error as Error).message, { cause: error });
      throw error;
    }
  },
});
