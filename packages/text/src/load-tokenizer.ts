// From tokenizer.json to a tokenizer that runs.
import { IngotError } from '@ingot/core';
import { mergePairs, parseTokenizerJson, type PreTokenizerJson, type TokenizerJson } from '@ingot/formats';
import { ByteLevelBpe } from './byte-level-bpe.js';
import { Characters } from './characters.js';
import { compilePattern, SPLIT_PATTERNS } from './split-patterns.js';
import type { Tokenizer } from './tokenizer.js';

const loaded = new WeakMap<object, Tokenizer>();

/**
 * The tokenizer that a tokenizer.json describes; of one parsed JSON object (or one `TokenizerValue`) always the same instance.
 * Throws FormatError for a component that Ingot does not honour, IngotError 'bad-input' for a vocabulary that contradicts itself.
 */
export const loadTokenizer = (source: { readonly json: unknown }): Tokenizer => {
  const known = loaded.get(source);
  if (known) return known;
  const tokenizer = build(parseTokenizerJson(source.json));
  loaded.set(source, tokenizer);
  return tokenizer;
};

const build = (json: TokenizerJson): Tokenizer => {
  const tokens = (control: boolean) =>
    new Map(json.added_tokens.filter(({ special }) => special === control).map(({ content, id }) => [content, id]));
  const special = tokens(true);
  if (json.model.type === 'WordLevel') {
    const vocab = new Map(Object.entries(json.model.vocab));
    for (const token of special.keys()) vocab.delete(token);
    if (json.normalizer)
      throw new IngotError(
        'bad-input',
        `tokenizer.json of characters wants no normalizer, got '${json.normalizer.type}'.`,
      );
    if (tokens(false).size)
      throw new IngotError(
        'bad-input',
        `tokenizer.json of characters wants special added tokens only, got '${[...tokens(false).keys()].join("', '")}' with special: false.`,
      );
    return new Characters(vocab, special);
  }
  const { normalizer } = json;
  return new ByteLevelBpe({
    vocab: entriesOf(json.model.vocab),
    special,
    added: tokens(false),
    merges: mergePairs(json.model.merges),
    ignoreMerges: json.model.ignore_merges,
    ...splittingOf(json.pre_tokenizer),
    ...(normalizer ? { normalise: normalizer.type } : {}),
  });
};

/** As Object.entries, in half the time, and without an array of arrays. */
function* entriesOf(vocab: Readonly<Record<string, number>>): Iterable<readonly [token: string, id: number]> {
  for (const token of Object.keys(vocab)) yield [token, vocab[token]!];
}

const splittingOf = (
  given: PreTokenizerJson | null,
): { readonly pattern: RegExp | undefined; readonly addPrefixSpace: boolean } => {
  const steps =
    given === null ? [] : 'pretokenizers' in given ? (given.pretokenizers as readonly PreTokenizerJson[]) : [given];
  let pattern: string | undefined;
  let addPrefixSpace = false;
  for (const step of steps) {
    if (step.type === 'ByteLevel') {
      const { add_prefix_space: space, use_regex: regex } = step as { add_prefix_space: boolean; use_regex: boolean };
      addPrefixSpace = space;
      if (regex && pattern === undefined) pattern = SPLIT_PATTERNS.gpt2;
      else if (regex) throw twoPatterns();
      return { pattern: pattern === undefined ? undefined : compilePattern(pattern), addPrefixSpace };
    }
    if (pattern !== undefined) throw twoPatterns();
    const cut = (step as { pattern: { Regex: string } | { String: string } }).pattern;
    pattern = 'Regex' in cut ? cut.Regex : cut.String.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  }
  throw new IngotError(
    'bad-input',
    "tokenizer.json wants the pre-tokenizer 'ByteLevel' for a BPE model, last in its sequence, got none. Only byte-level BPE is supported.",
  );
};

const twoPatterns = (): IngotError =>
  new IngotError(
    'bad-input',
    'tokenizer.json splits by two patterns in a row: wanted one Split, then ByteLevel without its own pattern.',
  );
