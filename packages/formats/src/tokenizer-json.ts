// tokenizer.json in Hugging Face's layout (tokenizers 0.2x), as far as Ingot honours it: what it cannot honour is refused by name, never skipped.
// Source: github.com/huggingface/tokenizers, the serde layout of Tokenizer and its components.
import * as z from 'zod';
import { FormatError } from './errors.js';
import { duplicateKey } from './json-keys.js';

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().default(false),
  single_word: z.literal(false).default(false),
  lstrip: z.literal(false).default(false),
  rstrip: z.literal(false).default(false),
});

const byteLevel = z.looseObject({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.boolean().default(true),
  use_regex: z.boolean().default(true),
});
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.union([z.strictObject({ Regex: z.string() }), z.strictObject({ String: z.string() })]),
  behavior: z.literal('Isolated'),
  invert: z.literal(false).default(false),
});
const preTokenizer = z.union([
  byteLevel,
  split,
  z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.union([byteLevel, split])) }),
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids by token. Not z.record: that leaves out a token named '__proto__'. Keys and then values are twice as quick as entries or values alone. */
const vocabulary = z.custom<Readonly<Record<string, number>>>(
  (value) =>
    isObject(value) &&
    Object.keys(value).every((token) => Number.isSafeInteger(value[token]) && (value[token] as number) >= 0),
  'wanted whole numbers from 0 by token',
);

/** Not z.array: of half a million merges it would make half a million copies. */
const mergeList = z.custom<readonly (string | readonly [string, string])[]>(
  (value) =>
    Array.isArray(value) &&
    value.every(
      (merge) =>
        typeof merge === 'string' ||
        (Array.isArray(merge) && merge.length === 2 && typeof merge[0] === 'string' && typeof merge[1] === 'string'),
    ),
  'wanted a list of merges, each "left right" or ["left", "right"]',
);

const bpe = z.looseObject({
  type: z.literal('BPE'),
  dropout: z.null().default(null),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.literal('').nullable().default(null),
  end_of_word_suffix: z.literal('').nullable().default(null),
  byte_fallback: z.literal(false).default(false),
  ignore_merges: z.boolean().default(false),
  vocab: vocabulary,
  merges: mergeList,
});
const wordLevel = z.looseObject({ type: z.literal('WordLevel'), vocab: vocabulary, unk_token: z.string() });

const schema = z.looseObject({
  version: z.literal('1.0').default('1.0'),
  truncation: z.null().default(null),
  padding: z.null().default(null),
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
/** Settings that change ids, which we do not follow: named as they stand in the file. */
const SETTINGS = [
  'truncation',
  'padding',
  'single_word',
  'lstrip',
  'rstrip',
  'dropout',
  'continuing_subword_prefix',
  'end_of_word_suffix',
  'byte_fallback',
];

const typed = (component: unknown): component is { readonly type: string } =>
  typeof component === 'object' && component !== null && 'type' in component && typeof component.type === 'string';

/** What is not honoured: "setting lstrip of added token '<mask>'", "pre_tokenizer 'Metaspace'" (of a sequence the member that is at fault); undefined when the layout itself is wrong. */
const componentOf = (data: unknown, path: readonly PropertyKey[]): string | undefined => {
  const setting = path.at(-1);
  if (typeof setting === 'string' && SETTINGS.includes(setting))
    return path[0] === 'added_tokens'
      ? `setting '${setting}' of added token ${String(path[1])}`
      : `setting '${setting}'`;
  const part = PARTS.find((name) => name === path[0]);
  const value = part && (data as Record<string, unknown>)[part];
  if (!typed(value)) return undefined;
  const members =
    value.type === 'Sequence'
      ? ((Object.values(value).find((member) => Array.isArray(member)) as readonly unknown[] | undefined) ?? [])
      : [];
  const wrong = members.find((member) => !preTokenizer.safeParse(member).success);
  return `${part} '${typed(wrong) ? `${value.type}' of '${wrong.type}` : value.type}'`;
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
  throw new FormatError(
    component ? 'unsupported' : 'bad-file',
    `${where}: ${component ? `${component} is malformed or not supported` : z.prettifyError(parsed.error)}. Supported are byte-level BPE (ByteLevel, or Split by a pattern and then ByteLevel) and character vocabularies (WordLevel).`,
  );
};

/** The two halves of every merge, in order. Throws FormatError 'bad-file' for one that is not a pair. */
export const mergePairs = (
  merges: readonly (string | readonly [string, string])[],
  where = 'tokenizer.json',
): (readonly [string, string])[] =>
  merges.map((merge, i) => {
    if (typeof merge !== 'string') return merge;
    const [left, right, ...more] = merge.split(' ');
    if (!left || !right || more.length > 0)
      throw new FormatError(
        'bad-file',
        `${where}: merge ${i} wants two tokens with a space between them, got '${merge}'.`,
      );
    return [left, right];
  });

/**
 * Reads tokenizer.json from its text or bytes.
 * Throws FormatError: 'bad-file' for what is not JSON or has a name twice in one object, and what `parseTokenizerJson` throws.
 */
export const readTokenizerJson = (source: string | Uint8Array, where = 'tokenizer.json'): TokenizerJson => {
  let text = '';
  let data: unknown;
  try {
    text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
    data = JSON.parse(text);
  } catch (error) {
    throw new FormatError(
      'bad-file',
      `${where}: wanted JSON in UTF-8, got something else: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  const twice = duplicateKey(text);
  if (twice !== undefined)
    throw new FormatError(
      'bad-file',
      `${where}: one object has the name '${twice}' twice; which of the two counts is not defined.`,
    );
  return parseTokenizerJson(data, where);
};

/** Stands for the vocabulary while the rest is written: no tokenizer.json holds this text. */
const PLACE = '@ingot/formats: the vocabulary goes here';

/**
 * The text of a tokenizer.json, indented by two and with the vocabulary in the order of its ids, as Hugging Face writes it
 * (a JavaScript object alone would put the tokens "0" to "9" first).
 */
export const writeTokenizerJson = (json: TokenizerJson): string => {
  const text = JSON.stringify({ ...json, model: { ...json.model, vocab: PLACE } }, null, 2);
  const lines = Object.entries(json.model.vocab)
    .toSorted(([, a], [, b]) => a - b)
    .map(([token, id]) => `      ${JSON.stringify(token)}: ${id}`);
  return text.replace(JSON.stringify(PLACE), () => (lines.length ? `{\n${lines.join(',\n')}\n    }` : '{}'));
};
