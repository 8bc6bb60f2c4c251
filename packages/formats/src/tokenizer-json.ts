// Hugging Face's tokenizer.json as a zod schema: its layout, and the refusal of every component that would change ids in a way we do not follow.
// Source: github.com/huggingface/tokenizers, the serde layout of Tokenizer and its components.
import * as z from 'zod';
import { FormatError } from './errors.js';

const byteLevel = z.object({ type: z.literal('ByteLevel'), add_prefix_space: z.boolean().default(true), trim_offsets: z.boolean().default(true), use_regex: z.boolean().default(true) });
const splitPattern = z.union([z.strictObject({ Regex: z.string() }), z.strictObject({ String: z.string() })]);
const split = z.object({ type: z.literal('Split'), pattern: splitPattern, behavior: z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']), invert: z.boolean().default(false) });

const preTokenizer = z.discriminatedUnion('type', [byteLevel, split, z.object({ type: z.literal('Sequence'), pretokenizers: z.array(z.discriminatedUnion('type', [byteLevel, split])) })]);
const normalForm = z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) });
const normalizer = z.discriminatedUnion('type', [normalForm, z.object({ type: z.literal('Sequence'), normalizers: z.array(normalForm) })]);
const decoder = z.discriminatedUnion('type', [byteLevel, z.object({ type: z.literal('Fuse') })]);
const postProcessor = byteLevel;

const merge = z.union([z.tuple([z.string(), z.string()]), z.string()]);
const model = z.object({
  type: z.literal('BPE'),
  dropout: z.number().nullish(),
  unk_token: z.string().nullish(),
  continuing_subword_prefix: z.string().nullish(),
  end_of_word_suffix: z.string().nullish(),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().default(false),
  vocab: z.record(z.string(), z.int().nonnegative()),
  merges: z.array(merge),
});
const addedToken = z.object({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});

/** The layout of tokenizer.json, as far as Ingot can honour it. */
export const tokenizerJsonSchema = z.object({
  version: z.string().default('1.0'),
  truncation: z.unknown().optional(),
  padding: z.unknown().optional(),
  added_tokens: z.array(addedToken).default([]),
  normalizer: normalizer.nullish(),
  pre_tokenizer: preTokenizer.nullish(),
  post_processor: postProcessor.nullish(),
  decoder: decoder.nullish(),
  model,
});
/** A tokenizer.json after defaults. */
export type TokenizerJson = z.output<typeof tokenizerJsonSchema>;
export type PreTokenizerJson = z.output<typeof preTokenizer>;
