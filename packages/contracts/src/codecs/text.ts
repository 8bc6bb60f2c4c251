// Text is stored as one UTF-8 blob of all documents, and an index of where each begins (u64, little-endian).
import { IngotError, type Codec } from '@ingot/core';
import * as z from 'zod';
import type { TextValue } from '../values.js';
import { readMeta } from './json-meta.js';

const Meta = z.strictObject({ documents: z.int(), bytes: z.int() });
/** Bytes that are read at once: many small documents cost one read. */
const WINDOW = 1 << 20;

const encode = (document: string, index: number): Uint8Array => {
  if (/\p{Surrogate}/u.test(document))
    throw new IngotError(
      'bad-value',
      `Document ${index} of a text holds half of a surrogate pair, which UTF-8 cannot say. Replace it with U+FFFD first: text.toWellFormed().`,
    );
  return new TextEncoder().encode(document);
};

/** Streams documents through; memory holds one document and eight bytes for each. */
export const textCodec: Codec<TextValue> = {
  async write(value, to) {
    const ends = [0n];
    let bytes = 0;
    const content = async function* () {
      for await (const document of value.read()) {
        const encoded = encode(document, ends.length - 1);
        ends.push(BigInt((bytes += encoded.byteLength)));
        if (encoded.byteLength > 0) yield encoded;
      }
    };
    await to.put('text', content());
    await to.put('offsets', new Uint8Array(BigUint64Array.from(ends).buffer));
    return { documents: ends.length - 1, bytes };
  },
  async read(meta, from) {
    const { documents, bytes } = readMeta(Meta, meta, 'text');
    return {
      documents,
      bytes,
      async *read() {
        const index = await from.read('offsets');
        const offsets = new DataView(index.buffer, index.byteOffset, index.byteLength);
        const at = (document: number) => Number(offsets.getBigUint64(document * 8, true));
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        for (let first = 0, last = 0; first < documents; first = last) {
          const begin = at(first);
          for (last = first + 1; last < documents && at(last + 1) - begin <= WINDOW;) last++;
          const window = await from.read('text', begin, at(last) - begin);
          for (let document = first; document < last; document++)
            yield decoder.decode(window.subarray(at(document) - begin, at(document + 1) - begin));
        }
      },
    };
  },
};
