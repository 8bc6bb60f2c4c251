// Reads a blob of a folder, whole, by slices, or in pieces.
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import * as messages from '../messages.js';
import type { BlobHandle } from './store.js';

/** A handle on the file at `path`; it keeps no descriptor open between reads. Throws `bad-store` when the file is not there. */
export const fileBlob = async (path: string, where: string, digest: string): Promise<BlobHandle> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw messages.missingBlob(where, digest);
  const fill = async (offset: number, into: Uint8Array): Promise<void> => {
    const file = await open(path, 'r');
    try {
      for (let at = 0; at < into.byteLength;) {
        const { bytesRead } = await file.read(into, at, into.byteLength - at, offset + at);
        if (bytesRead === 0) throw messages.missingBlob(where, digest);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  };
  return {
    bytes: found.size,
    readInto: fill,
    async read(offset, length) {
      const into = new Uint8Array(length);
      await fill(offset, into);
      return into;
    },
    readSync(offset, length) {
      const file = openSync(path, 'r');
      try {
        const into = new Uint8Array(length);
        for (let at = 0; at < length;) {
          const count = readSync(file, into, at, length - at, offset + at);
          if (count === 0) throw messages.missingBlob(where, digest);
          at += count;
        }
        return into;
      } finally {
        closeSync(file);
      }
    },
    stream: () => createReadStream(path, { highWaterMark: 1 << 20 }),
  };
};
