// Token ids are stored as one blob a split: u16 up to a vocabulary of 65,536, else u32, little-endian, as nanoGPT's .bin.
import { IngotError, type BlobReader, type Codec } from '@ingot/core';
import * as z from 'zod';
import type { Split, TokensValue, TokenStream } from '../values.js';
import { readMeta } from './json-meta.js';

const Stream = z.strictObject({ tokens: z.int(), bytes: z.int(), documents: z.int() });
const Meta = z.strictObject({
  vocabSize: z.int(),
  tokenizer: z.string(),
  splits: z.strictObject({ train: Stream, validation: Stream }),
});
/** Ids that are written at once. */
const CHUNK = 1 << 18;

/** Bytes of one id in a vocabulary of this size. */
export const idWidth = (vocabSize: number): 2 | 4 => (vocabSize <= 65_536 ? 2 : 4);

const pack = (ids: Int32Array, vocabSize: number, where: string): Uint8Array => {
  const wrong = ids.findIndex((id) => id < 0 || id >= vocabSize);
  if (wrong >= 0)
    throw new IngotError(
      'bad-value',
      `${where}: id ${ids[wrong]} is outside of the vocabulary of ${vocabSize}. Pack with the tokenizer that made the ids.`,
    );
  return new Uint8Array((idWidth(vocabSize) === 2 ? Uint16Array.from(ids) : Uint32Array.from(ids)).buffer);
};
async function* content(stream: TokenStream, vocabSize: number, split: Split): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < stream.tokens; at += CHUNK)
    yield pack(
      stream.read(at, Math.min(CHUNK, stream.tokens - at)),
      vocabSize,
      `Split '${split}' of tokens, from ${at}`,
    );
}

/** ids[start … start + count) of a stream of so many tokens; the range is checked. */
const checkRange = (start: number, count: number, tokens: number, split: Split): void => {
  if (!Number.isInteger(start) || !Number.isInteger(count) || start < 0 || count < 0 || start + count > tokens) {
    throw new IngotError(
      'bad-value',
      `Tokens ${start} to ${start + count} of split '${split}' were asked for, which has ${tokens}.`,
    );
  }
};
const streamFrom = (from: BlobReader, split: Split, about: z.output<typeof Stream>, width: 2 | 4): TokenStream => ({
  ...about,
  read(start, count) {
    checkRange(start, count, about.tokens, split);
    if (count === 0) return new Int32Array(0);
    const bytes = from.readSync(split, start * width, count * width).slice(); // a copy, so that the array is aligned
    return Int32Array.from(width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer));
  },
});

/** Streams ids in chunks; reading gives any range without the rest. */
export const tokensCodec: Codec<TokensValue> = {
  async write({ vocabSize, tokenizer, splits }, to) {
    const about = ({ tokens, bytes, documents }: TokenStream) => ({ tokens, bytes, documents });
    for (const split of ['train', 'validation'] as const) await to.put(split, content(splits[split], vocabSize, split));
    return { vocabSize, tokenizer, splits: { train: about(splits.train), validation: about(splits.validation) } };
  },
  async read(meta, from) {
    const { vocabSize, tokenizer, splits } = readMeta(Meta, meta, 'tokens');
    const open = (split: Split) => streamFrom(from, split, splits[split], idWidth(vocabSize));
    return { vocabSize, tokenizer, splits: { train: open('train'), validation: open('validation') } };
  },
};
