// Blobs in memory, for codecs under test: pieces are cut oddly, and what is read is a copy that nothing else holds.
import { createHash } from 'node:crypto';
import type { BlobReader, BlobWriter } from '@ingot/core';

/** A writer and the reader of what it wrote. */
export interface MemoryBlobs {
  readonly writer: BlobWriter;
  readonly reader: BlobReader;
  /** Bytes by blob name. */
  readonly content: ReadonlyMap<string, Uint8Array>;
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(pieces));
/** An odd size, so that characters and numbers are cut in half. */
const PIECE = 7;

/** Throws RangeError for unknown names, names written twice, and ranges that are not inside. */
export const memoryBlobs = (): MemoryBlobs => {
  const blobs = new Map<string, Uint8Array>();
  const slice = (name: string, offset = 0, length?: number): Uint8Array => {
    const blob = blobs.get(name);
    if (!blob) throw new RangeError(`There is no blob '${name}'. Known: ${[...blobs.keys()].join(', ')}.`);
    const end = length === undefined ? blob.byteLength : offset + length;
    if (offset < 0 || end > blob.byteLength || end < offset)
      throw new RangeError(`Bytes ${offset} to ${end} of blob '${name}' were asked for, which has ${blob.byteLength}.`);
    return blob.slice(offset, end);
  };
  return {
    content: blobs,
    writer: {
      put: async (name, content) => {
        if (blobs.has(name)) throw new RangeError(`Blob '${name}' was written twice.`);
        const pieces: Uint8Array[] = [];
        for await (const piece of content instanceof Uint8Array ? [content] : content) pieces.push(piece.slice());
        blobs.set(name, joined(pieces));
      },
    },
    reader: {
      size: (name) => slice(name).byteLength,
      read: async (name, offset, length) => slice(name, offset, length),
      readInto: async (name, into, offset = 0) => into.set(slice(name, offset, into.byteLength)),
      readSync: slice,
      stream: async function* (name) {
        const blob = slice(name);
        for (let at = 0; at < blob.byteLength; at += PIECE) yield blob.slice(at, at + PIECE);
      },
      digest: (name) => createHash('sha256').update(slice(name)).digest('hex'),
    },
  };
};
