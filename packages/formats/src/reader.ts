// Where bytes come from: anything that knows its size and gives a range, so that a large file is never read whole.
import { open } from 'node:fs/promises';
import { FormatError } from './errors.js';

/** A source of bytes read by ranges. `read` gives exactly `length` bytes or throws. */
export interface ByteReader {
  /** Bytes in all. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A reader over bytes in memory; ranges are views, not copies. */
export function bytesReader(bytes: Uint8Array): ByteReader {
  return {
    size: bytes.byteLength,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.byteLength)
        throw new FormatError(
          'bad-file',
          `Bytes ${offset} to ${offset + length} were asked for, but there are only ${bytes.byteLength}.`,
        );
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A reader over a file. Call `close` when done; throws what the file system throws when the file cannot be opened. */
export async function fileReader(path: string): Promise<ByteReader & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    size,
    close: () => file.close(),
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      for (let have = 0; have < length;) {
        const { bytesRead } = await file.read(bytes, have, length - have, offset + have);
        if (bytesRead === 0)
          throw new FormatError(
            'bad-file',
            `'${path}' ended at byte ${offset + have}, wanted bytes ${offset} to ${offset + length}: it is truncated or changed while it was read.`,
          );
        have += bytesRead;
      }
      return bytes;
    },
  };
}
