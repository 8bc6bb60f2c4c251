// Files that are there as a whole or not at all: a temporary file, fsync, rename, fsync of the folder.
import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as messages from '../messages.js';
import type { BlobRef, Content } from './store.js';
import { makeFolder } from './make-folder.js';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EFBIG', 'EDQUOT']);
const CLOSED: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG',
]);

/** Says in words why the file system refused `root`: `disk-full` or `not-writable`; anything else passes through, such as a source that failed while it was streamed in. */
export const explain = (error: unknown, where: string, root: string): unknown => {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.has(code)) return messages.diskFull(where, error);
  if (code !== undefined && CLOSED.has(code) && (path === undefined || path.startsWith(root) || root.startsWith(path)))
    return messages.notWritable(where, error);
  return error;
};

const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const pieces = async function* (content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
};

/** Writes content beside its place and moves it there under the name its content gives it. The temporary file names its process, so that a dead one's can be swept. */
export const writeDurably = async (
  temporary: string,
  content: Content,
  placeOf: (ref: BlobRef) => string,
): Promise<BlobRef> => {
  const draft = join(temporary, `${process.pid}-${randomUUID()}`);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await open(draft, 'wx');
    try {
      for await (const piece of pieces(content)) {
        hash.update(piece);
        bytes += piece.length;
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const ref = { digest: hash.digest('hex'), bytes };
    const place = placeOf(ref);
    await makeFolder(dirname(place));
    await rename(draft, place);
    await syncFolder(dirname(place));
    return ref;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
};
