// Fake sources, tokenizer training and packing.
import { defineStage } from '@ingot/core';
import * as z from 'zod';
import { Examples, Pairs, Prompts, Text, Tokenizer, Tokens } from '../kinds.js';
import { fakeExamples, fakePairs, fakeText, fakeTokenizer, fakeTokens } from './values.js';

const Path = z.strictObject({ path: z.string() });

/** Gives a text that names the path; it opens no file. */
export const text = defineStage({
  name: 'text',
  version: 1,
  inputs: {},
  outputs: { text: Text },
  options: Path,
  async *run({ options }) {
    return { text: fakeText([`The content of ${options.path}.`, 'The end.']) };
  },
});
/** A byte tokenizer of the asked size. */
export const bpe = defineStage({
  name: 'bpe',
  version: 1,
  inputs: { text: Text },
  outputs: { tokenizer: Tokenizer },
  options: z.strictObject({ vocabSize: z.int().min(256).default(512) }),
  async *run({ options }) {
    return { tokenizer: fakeTokenizer(options.vocabSize) };
  },
});
/** The bytes of the text as ids. */
export const pack = defineStage({
  name: 'pack',
  version: 1,
  inputs: { text: Text, tokenizer: Tokenizer },
  outputs: { tokens: Tokens },
  options: z.strictObject({ validation: z.number().min(0).max(1).default(0.125) }),
  async *run({ inputs }) {
    const documents: string[] = [];
    for await (const document of inputs.text.read()) documents.push(document);
    return { tokens: fakeTokens(documents.join('\n'), inputs.tokenizer) };
  },
});
/** One conversation. */
export const examples = defineStage({
  name: 'examples',
  version: 1,
  inputs: {},
  outputs: { examples: Examples },
  options: Path,
  async *run() {
    return { examples: fakeExamples() };
  },
});
/** Two ranked pairs. */
export const preferences = defineStage({
  name: 'preferences',
  version: 1,
  inputs: {},
  outputs: { feedback: Pairs },
  options: Path,
  async *run() {
    return { feedback: fakePairs() };
  },
});
/** Prompts alone. */
export const prompts = defineStage({
  name: 'prompts',
  version: 1,
  inputs: {},
  outputs: { feedback: Prompts },
  options: Path,
  async *run() {
    return { feedback: fakePairs() };
  },
});
