// Stages that make a tokenizer of a text: `bpe`, `byte`, `char`.
import { Text, Tokenizer, type TextValue } from '@ingot/contracts';
import { defineStage, table, warning } from '@ingot/core';
import {
  BYTE_CHARACTERS,
  byteLevelJson,
  charactersJson,
  END_OF_TEXT,
  PieceCounts,
  tokenizerValue,
  trainBpe,
} from '@ingot/text';
import * as z from 'zod';

const special = z
  .array(z.string().min(1))
  .default([END_OF_TEXT])
  .describe('Special tokens, which get the first ids. User text never becomes one.');
const pattern = z
  .enum(['gpt2', 'cl100k', 'o200k'])
  .default('gpt2')
  .describe('How text is cut into pieces before pairs are merged.');

const countPieces = async (text: TextValue, by: z.output<typeof pattern>): Promise<ReadonlyMap<string, number>> => {
  const pieces = new PieceCounts(by);
  for await (const document of text.read()) pieces.add(document);
  return pieces.counts;
};

/** Byte-level BPE learnt from a text. Sennrich et al. 2016; Radford et al. 2019. */
export const bpe = defineStage({
  name: 'bpe',
  version: 1,
  inputs: { text: Text },
  outputs: { tokenizer: Tokenizer },
  options: z
    .strictObject({
      vocabSize: z.int().positive().default(512).describe('Special tokens, the 256 bytes and merges together.'),
      pattern,
      special,
      minFrequency: z.int().nonnegative().default(0).describe('A pair must occur this often to be merged.'),
    })
    .check(({ value, issues }) => {
      const least = value.special.length + 256;
      if (value.vocabSize < least)
        issues.push({
          code: 'custom',
          path: ['vocabSize'],
          input: value.vocabSize,
          message: `wanted at least ${least} (${value.special.length} special tokens and 256 bytes), got ${value.vocabSize}. Give a larger one, or use the stage 'byte'`,
        });
    }),
  async *run({ inputs, options }) {
    const pieces = await countPieces(inputs.text, options.pattern);
    const { tokens, merges } = trainBpe(pieces, options);
    if (tokens.length < options.vocabSize)
      yield warning(
        `The text has no more pairs to merge: the vocabulary has ${tokens.length} tokens, not ${options.vocabSize}. A longer text would fill it.`,
      );
    yield table('Tokenizer', [
      { tokens: tokens.length, merges: merges.length, pieces: pieces.size, last: merges.at(-1)?.join(' + ') ?? 'none' },
    ]);
    return { tokenizer: tokenizerValue(byteLevelJson(tokens, merges, options.special, options.pattern)) };
  },
});

/** One token a byte. */
export const byte = defineStage({
  name: 'byte',
  version: 1,
  inputs: {},
  outputs: { tokenizer: Tokenizer },
  options: z.strictObject({ special }),
  async *run({ options }) {
    yield table('Tokenizer', [{ tokens: options.special.length + 256 }]);
    return {
      tokenizer: tokenizerValue(
        byteLevelJson([...options.special, ...[...BYTE_CHARACTERS].toSorted()], [], options.special, 'gpt2'),
      ),
    };
  },
});

/** One token a character of the text, in the order of code points (nanoGPT's shakespeare_char). */
export const char = defineStage({
  name: 'char',
  version: 1,
  inputs: { text: Text },
  outputs: { tokenizer: Tokenizer },
  options: z.strictObject({ special: special.default([]) }),
  async *run({ inputs, options }) {
    const characters = new Set<string>();
    for await (const document of inputs.text.read()) for (const character of document) characters.add(character);
    const sorted = [...characters].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    yield table('Tokenizer', [{ tokens: sorted.length + options.special.length, characters: sorted.length }]);
    return { tokenizer: tokenizerValue(charactersJson(sorted, options.special)) };
  },
});
