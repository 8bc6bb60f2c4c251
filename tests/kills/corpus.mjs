// A plugin in plain JavaScript that another process can import: one sentence again and again, as tokens of a character tokenizer.
import { Tokenizer, Tokens } from '@ingot/contracts';
import { definePlugin, defineStage } from '@ingot/core';
import { charactersJson, END_OF_TEXT, loadTokenizer, tokenizerValue } from '@ingot/text';
import * as z from 'zod';

const sentence = 'the whale swims on, and the sea is wide; ';
const tokenizer = tokenizerValue(charactersJson([...new Set(sentence)].sort(), [END_OF_TEXT]));
const streamOf = (text) => {
  const ids = loadTokenizer(tokenizer).encode(text);
  return {
    tokens: ids.length,
    bytes: text.length,
    documents: 1,
    read: (start, count) => ids.slice(start, start + count),
  };
};
const stage = defineStage({
  name: 'corpus',
  version: 1,
  inputs: {},
  outputs: { tokens: Tokens, tokenizer: Tokenizer },
  options: z.strictObject({}),
  async *run() {
    return {
      tokenizer,
      tokens: {
        vocabSize: tokenizer.vocabSize,
        tokenizer: tokenizer.digest,
        splits: { train: streamOf(sentence.repeat(20)), validation: streamOf(sentence) },
      },
    };
  },
});

/** Installs the stage `corpus`. */
export const corpus = definePlugin({ name: 'kill-corpus', module: import.meta.url, stages: [stage] });
