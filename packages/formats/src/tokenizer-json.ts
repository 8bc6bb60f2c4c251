// tokenizer.json in Hugging Face's layout (tokenizers 0.2x), as far as Ingot honours it: what it cannot honour is refused by name, never skipped.
import * as z from 'zod';
import { FormatError } from './errors.js';

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().default(false),
});

const byteLevel = z.looseObject({ type: z.literal('ByteLevel'), add_prefix_space: z.boolean().default(true), use_regex: z.boolean().default(true) });
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.union([z.strictObject({ Regex: z.string() }), z.strictObject({ String: z.string() })]),
  behavior: z.literal('Isolated'),
  invert: z.literal(false).default(false),
});
const preTokenizer = z.union([byteLevel, split, z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.union([byteLevel, split])) })]);

const bpe = z.looseObject({
  type: z.literal('BPE'),
  dropout: z.null().default(null),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.literal('').nullable().default(null),
  end_of_word_suffix: z.literal('').nullable().default(null),
  byte_fallback: z.literal(false).default(false),
  ignore_merges: z.boolean().default(false),
  vocab: z.record(z.string(), z.int().nonnegative()),
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
});
const wordLevel = z.looseObject({ type: z.literal('WordLevel'), vocab: z.record(z.string(), z.int().nonnegative()), unk_token: z.string() });

const schema = z.looseObject({
  version: z.literal('1.0').default('1.0'),
  added_tokens: z.array(addedToken).default([]),
  normalizer: z.union([z.null(), z.looseObject({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) })]).default(null),
  pre_tokenizer: z.union([z.null(), preTokenizer]).default(null),
  post_processor: z.union([z.null(), z.looseObject({ type: z.literal('ByteLevel') })]).default(null),
  decoder: z.union([z.null(), z.looseObject({ type: z.enum(['ByteLevel', 'Fuse']) })]).default(null),
  model: z.discriminatedUnion('type', [bpe, wordLevel]),
});

/** A tokenizer.json after its defaults. */
export type TokenizerJson = z.output<typeof schema>;
export type PreTokenizerJson = z.output<typeof preTokenizer>;

const PARTS = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder', 'model'] as const;

/** "pre_tokenizer Metaspace": the component whose type the schema does not know, if that is the fault. */
const componentOf = (data: unknown, path: readonly PropertyKey[]): string | undefined => {
  const part = PARTS.find((name) => name === path[0]);
  const value = part && (data as Record<string, { readonly type?: unknown } | null>)[part];
  return value && typeof value.type === 'string' ? `${part} '${value.type}'` : undefined;
};

/**
 * Checks a parsed tokenizer.json and fills its defaults; both spellings of merges ("a b" and ["a", "b"]) are kept as they are.
 * Throws FormatError: 'unsupported' naming a component that Ingot does not honour, 'bad-file' for a layout that is not tokenizer.json's.
 */
export const parseTokenizerJson = (data: unknown, where = 'tokenizer.json'): TokenizerJson => {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const component = componentOf(data, issue.path);
  throw new FormatError(component ? 'unsupported' : 'bad-file', `${where}: ${component ? `the ${component} is malformed or not supported` : z.prettifyError(parsed.error)}. Supported are byte-level BPE (ByteLevel, or Split by a pattern and then ByteLevel) and character vocabularies (WordLevel).`);
};

/** The two halves of every merge, in order. Throws FormatError 'bad-file' for one that is not a pair. */
export const mergePairs = (merges: readonly (string | readonly [string, string])[], where = 'tokenizer.json'): (readonly [string, string])[] =>
  merges.map((merge, i) => {
    if (typeof merge !== 'string') return merge;
    const [left, right, ...more] = merge.split(' ');
    if (!left || !right || more.length > 0) throw new FormatError('bad-file', `${where}: merge ${i} wants two tokens with a space between them, got '${merge}'.`);
    return [left, right];
  });
