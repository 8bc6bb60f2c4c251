// Token ids in memory as the streams of the kind `Tokens`.
import type { TokenStream } from '@ingot/contracts';

/** A stream over ids that are already joined; `bytes` and `documents` say what text they stand for. */
export const streamOf = (ids: Int32Array, bytes: number, documents: number): TokenStream => ({
  tokens: ids.length,
  bytes,
  documents,
  read(start, count) {
    if (start < 0 || count < 0 || start + count > ids.length)
      throw new RangeError(`Tokens ${start} … ${start + count} were asked of a stream of ${ids.length}.`);
    return ids.slice(start, start + count);
  },
});

/** Joins arrays of ids. */
export const joinIds = (parts: readonly Int32Array[]): Int32Array => {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
