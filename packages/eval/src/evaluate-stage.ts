// The stage `evaluate`: bits per byte of held-out text, the model beside a byte n-gram with back-off and gzip -9.
import { setImmediate as breathe } from 'node:timers/promises';
import { Device, Model, Report, Text, type TextValue } from '@ingot/contracts';
import { defineStage, Installed, IngotError, optional, table, text as line, warning } from '@ingot/core';
import { loadModel } from '@ingot/decoding';
import { loadTokenizer } from '@ingot/text';
import * as z from 'zod';
import { documentBits } from './bits-per-byte.js';
import { gzipBitsPerByte } from './gzip.js';
import { ByteNgram } from './n-gram.js';
import { verdict } from './verdict.js';

const read = async (value: TextValue): Promise<string[]> => {
  const documents: string[] = [];
  for await (const document of value.read()) documents.push(document);
  return documents;
};
const bytesOf = (documents: readonly string[]): Uint8Array[] =>
  documents.map((document) => Buffer.from(document, 'utf8'));

/** Bits per byte of the held-out documents under an n-gram of the training documents; breathes after each. */
const nGramBits = async (
  order: number,
  train: readonly Uint8Array[],
  held: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<number> => {
  const model = new ByteNgram(order);
  for (const document of train) {
    model.train(document);
    await breathe();
    signal.throwIfAborted();
  }
  let bits = 0;
  for (const document of held) {
    bits += model.bits(document);
    await breathe();
    signal.throwIfAborted();
  }
  return bits;
};

/** A model's bits per byte on text that it never saw, beside two baselines that anyone can make again. The n-gram needs the training text. */
export const evaluateStage = defineStage({
  name: 'evaluate',
  version: 1,
  inputs: { model: Model, text: Text, train: optional(Text) },
  outputs: { report: Report },
  needs: { device: Device, installed: Installed },
  computes: true,
  options: z.strictObject({
    order: z.int().min(1).max(6).default(5).describe('n of the byte n-gram: it sees n − 1 bytes of past.'),
    stride: z.int().positive().optional().describe('Tokens between windows; half of the context unless given.'),
  }),
  estimate: ({ options, inputs }) => {
    if (!inputs.model || !inputs.text) return undefined;
    const parameters = Object.values(inputs.model.tensors).reduce(
      (sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1),
      0,
    );
    const { context } = inputs.model.design;
    return {
      bytes: 4 * parameters,
      flops: 2 * parameters * inputs.text.bytes * (context / (options.stride ?? context / 2)),
    };
  },
  async *run({ inputs, options, services, signal }) {
    const held = await read(inputs.text);
    const heldBytes = bytesOf(held);
    const bytes = heldBytes.reduce((sum, document) => sum + document.length, 0);
    if (bytes === 0)
      throw new IngotError(
        'bad-input',
        "Stage 'evaluate', input 'text': wanted text to measure on, got none. Give held-out documents, such as the output 'validation' of the stage 'split'.",
      );
    const { context, tokenizer: value } = inputs.model.design;
    if ((options.stride ?? 1) > context)
      throw new IngotError(
        'bad-options',
        `Stage 'evaluate', option 'stride': wanted at most ${context}, the model's context, got ${options.stride}.`,
      );
    const tokenizer = loadTokenizer(value);

    const model = await loadModel({ ...services, model: inputs.model });
    let bits = 0;
    try {
      const how = {
        ...(options.stride === undefined ? {} : { stride: options.stride }),
        breathe: async () => {
          await breathe();
          signal.throwIfAborted();
        },
      };
      for (const document of held) bits += await documentBits(model, tokenizer, document, how);
    } finally {
      model.dispose();
    }
    const rows = [{ name: 'model', 'bits per byte': bits / bytes }];
    if (inputs.train) {
      const train = bytesOf(await read(inputs.train));
      rows.push({
        name: `byte ${options.order}-gram with back-off`,
        'bits per byte': (await nGramBits(options.order, train, heldBytes, signal)) / bytes,
      });
    }
    rows.push({ name: 'gzip -9', 'bits per byte': gzipBitsPerByte(heldBytes) });
    yield table('Bits per byte of held-out text', rows);
    const said = verdict(
      bits / bytes,
      rows.slice(1).map((row) => ({ name: row.name, bits: row['bits per byte'] })),
    );
    yield said.loses ? warning(said.text) : line(said.text);
    return {
      report: {
        title: 'Bits per byte of held-out text',
        rows: rows.map(({ name, ...values }) => ({ name, values })),
        notes: [
          said.text,
          `Measured on ${bytes} bytes in ${held.length} documents; every prediction past the first window sees at least ${context - (options.stride ?? Math.max(1, Math.floor(context / 2))) + 1} tokens of its document.`,
          ...(inputs.train
            ? [
                'The n-gram learns from the training text: interpolated Witten-Bell over all shorter contexts (Witten and Bell 1991).',
              ]
            : []),
          'gzip -9 is the size of the held-out documents in one stream, its header counted; it never sees the training text.',
        ],
      },
    };
  },
});
