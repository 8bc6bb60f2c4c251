// Where bytes come from: anything that knows its size and gives a range, so that a large file is never read whole.
import { open } from 'node:fs/promises';
import { FormatError } from './errors.js';

/** A source of bytes read by ranges. `read` gives exactly `length` bytes or throws. */
export interface ByteReader {
  /** Bytes in all. */
  readonly size: number;
  /** Whether what `read` gives is the caller's own, in memory that nobody else sees; then numbers may be read from it in place. */
  readonly owned?: true;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `into` from `offset` on, where the source can: then nothing new is allocated. */
  readInto?(offset: number, into: Uint8Array): Promise<void>;
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
  const fill = async (offset: number, into: Uint8Array): Promise<void> => {
    const { byteLength } = into;
    for (let have = 0; have < byteLength;) {
      const { bytesRead } = await file.read(into, have, byteLength - have, offset + have);
      if (bytesRead === 0)
        throw new FormatError(
          'bad-file',
          `'${path}' ended at byte ${offset + have}, wanted bytes ${offset} to ${offset + byteLength}: it is truncated or changed while it was read.`,
        );
      have += bytesRead;
    }
  };
  return {
    size,
    owned: true,
    close: () => file.close(),
    readInto: fill,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      await fill(offset, bytes);
      return bytes;
    },
  };
}
