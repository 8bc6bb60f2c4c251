// tokenizer.json of our own tokenizers, in Hugging Face's layout.
import type { TokenizerJson } from '@ingot/formats';
import { SPLIT_PATTERNS, type SplitPatternName } from './split-patterns.js';

/** Special tokens as tokenizer.json lists them. */
export const addedTokens = (
  special: readonly string[],
  idOf: (token: string) => number,
): TokenizerJson['added_tokens'] =>
  special.map((content) => ({
    id: idOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));

const byteLevel = (regex: boolean) => ({
  type: 'ByteLevel' as const,
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: regex,
});

/** tokenizer.json of byte-level BPE: tokens in the order of their ids, merges in the order in which they were learnt. */
export const byteLevelJson = (
  tokens: readonly string[],
  merges: readonly (readonly [string, string])[],
  special: readonly string[],
  pattern: SplitPatternName,
): TokenizerJson => {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(special, (token) => vocab[token]!),
    normalizer: null,
    pre_tokenizer:
      pattern === 'gpt2'
        ? byteLevel(true)
        : {
            type: 'Sequence',
            pretokenizers: [
              { type: 'Split', pattern: { Regex: SPLIT_PATTERNS[pattern] }, behavior: 'Isolated', invert: false },
              byteLevel(false),
            ],
          },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: merges.map(([left, right]): [string, string] => [left, right]),
    },
  };
};

/** tokenizer.json of a character vocabulary: every character is a word of its own. Unknown ones are refused by us; other programs read them as the first special token. */
export const charactersJson = (characters: readonly string[], special: readonly string[]): TokenizerJson => {
  const vocab = Object.fromEntries([...special, ...characters].map((token, id) => [token, id]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(special, (token) => vocab[token]!),
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: String.raw`[\s\S]` }, behavior: 'Isolated', invert: false },
    post_processor: null,
    decoder: { type: 'Fuse' },
    model: { type: 'WordLevel', vocab, unk_token: special[0] ?? characters[0] ?? '' },
  };
};
