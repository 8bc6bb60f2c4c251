// Lines of a text file, plain or gzipped, one at a time, each checked to be UTF-8.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decodeFile } from '../decode-file.js';
import { inputError } from '../input-error.js';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line feed. */
  readonly text: string;
}

const LINE_FEED = 0x0a;
const COMPRESSED = /\.gz$/i;

/** The file's name without `.gz`: what tells its format. */
export const plainName = (file: string): string => file.replace(COMPRESSED, '');

/** The content of a file in chunks, decompressed where its name ends in `.gz`. Throws 'bad-input' for a broken gzip file. */
export async function* bytesOf(file: string): AsyncGenerator<Uint8Array, void, void> {
  if (!COMPRESSED.test(file)) {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    return;
  }
  const source = createReadStream(file);
  const content = createGunzip();
  source.on('error', (error) => content.destroy(error));
  try {
    yield* source.pipe(content) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw inputError(
      file,
      'a gzip file',
      (error as Error).message,
      'Check it with gzip -t, or take .gz off its name when it is not compressed.',
    );
  } finally {
    source.destroy();
  }
}

/** All of a file's content, decompressed where its name ends in `.gz`. */
export const contentOf = async (file: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(file)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * The lines of a file; a byte order mark is left out, a last empty line is not one.
 * Throws 'bad-input' for a broken gzip file, and, naming the line, for what is binary or not UTF-8.
 */
export async function* linesOf(file: string): AsyncGenerator<Line, void, void> {
  let rest: Uint8Array[] = [];
  let number = 0;
  const line = (bytes: Uint8Array): Line => {
    number++;
    return { number, text: bytes.length === 0 ? '' : decodeFile(bytes, `${file}:${number}`) };
  };
  for await (const chunk of bytesOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const bytes = chunk.subarray(start, end);
      yield line(rest.length === 0 ? bytes : Buffer.concat([...rest, bytes]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield line(Buffer.concat(rest));
}
