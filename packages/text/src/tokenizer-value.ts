// A tokenizer.json as the value of the kind `Tokenizer`.
import type { TokenizerValue } from '@ingot/contracts';
import { canonical, digest } from '@ingot/core';
import { loadTokenizer } from './load-tokenizer.js';

/** The value with its vocabulary size and digest. Throws as `loadTokenizer` does. */
export const tokenizerValue = (json: unknown): TokenizerValue => {
  const { vocabSize } = loadTokenizer({ json });
  return { json, vocabSize, digest: digest(canonical(json, 'tokenizer.json')) };
};
