// Stages for nanoGPT's token files: `nanogpt-tokens` reads train.bin and val.bin, `write-nanogpt` writes them.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { Report, Tokenizer, Tokens, type Split } from '@ingot/contracts';
import { defineStage, table } from '@ingot/core';
import { loadTokenizer } from '@ingot/text';
import * as z from 'zod';
import { inputError } from './input-error.js';
import { readNanoGptBin, writeNanoGptBin } from './nanogpt-bin.js';
import { streamOf } from './token-stream.js';

const FILES = { train: 'train.bin', validation: 'val.bin' } as const satisfies Record<Split, string>;
const folder = z.string().describe('The folder of train.bin and val.bin.');

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw inputError(
      path,
      'a nanoGPT token file',
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing there' : (error as Error).message,
      'Check the folder.',
    );
  }
  return hash.digest('hex');
};

/** Reads nanoGPT's train.bin and val.bin, made with the tokenizer that is given. */
export const nanogptTokens = defineStage({
  name: 'nanogpt-tokens',
  version: 1,
  inputs: { tokenizer: Tokenizer },
  outputs: { tokens: Tokens },
  options: z.strictObject({}),
  view: z.strictObject({ folder }),
  fingerprint: async (how) =>
    (await Promise.all(Object.values(FILES).map((file) => hashOf(resolve(how.folder, file))))).join(' '),
  watches: (how) => Object.values(FILES).map((file) => join(how.folder, file)),
  async *run({ inputs, view }) {
    const encoder = loadTokenizer(inputs.tokenizer);
    const read = async (split: Split) => {
      const ids = await readNanoGptBin(resolve(view.folder, FILES[split]), inputs.tokenizer.vocabSize);
      const control = new Set(encoder.special.values()); // no text stands behind them
      const bytes = ids.reduce((sum, id) => sum + (control.has(id) ? 0 : encoder.bytes(id).length), 0);
      return streamOf(
        ids,
        bytes,
        Math.max(
          1,
          ids.reduce((sum, id) => sum + (id === encoder.endOfText ? 1 : 0), 0),
        ),
      );
    };
    const splits = { train: await read('train'), validation: await read('validation') };
    yield table(
      'Tokens',
      Object.entries(splits).map(([split, { tokens, bytes, documents }]) => ({ split, documents, bytes, tokens })),
    );
    return { tokens: { vocabSize: inputs.tokenizer.vocabSize, tokenizer: inputs.tokenizer.digest, splits } };
  },
});

/** Writes both splits as nanoGPT's files. It writes outside of the store, so it runs every time. */
export const writeNanogpt = defineStage({
  name: 'write-nanogpt',
  version: 1,
  inputs: { tokens: Tokens },
  outputs: { report: Report },
  options: z.strictObject({ folder }),
  volatile: true,
  async *run({ inputs, options }) {
    const rows = [];
    for (const [split, file] of Object.entries(FILES) as [Split, string][]) {
      const stream = inputs.tokens.splits[split];
      const path = join(resolve(options.folder), file);
      await writeNanoGptBin(path, stream.read(0, stream.tokens), inputs.tokens.vocabSize);
      rows.push({ name: split, values: { file: path, tokens: stream.tokens } });
    }
    yield table(
      'nanoGPT files',
      rows.map(({ name, values }) => ({ split: name, ...values })),
    );
    return { report: { title: 'nanoGPT files', rows, notes: ['Two bytes a token, little-endian, no header.'] } };
  },
});
