// The published vocabularies as tokenizer.json, from the rank tables that gpt-tokenizer ships.
import { tokenizerFromRanks } from '../../packages/text/dist/index.js';

/** r50k, cl100k and o200k with the pattern that each is used with. */
export const ENCODINGS = { r50k: 'gpt2', cl100k: 'cl100k', o200k: 'o200k' };

/** tokenizer.json of one of them. */
export const publishedTokenizer = async (encoding) => {
  const { default: ranks } = await import(`gpt-tokenizer/bpeRanks/${encoding}_base`);
  return tokenizerFromRanks(ranks, new Map([['<|endoftext|>', ranks.length]]), ENCODINGS[encoding]);
};
