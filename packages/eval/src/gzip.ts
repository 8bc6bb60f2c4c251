// gzip as a baseline: what a general compressor needs for a text, in bits per byte of that text.
import { gzipSync } from 'node:zlib';

/** gzip -9 of all documents in one stream, in bits per byte of the text; the header's 18 bytes are counted, as on a disk. 0 bytes give NaN. */
export const gzipBitsPerByte = (documents: readonly Uint8Array[]): number => {
  const text = Buffer.concat(documents);
  return (gzipSync(text, { level: 9 }).length * 8) / text.length;
};
