// A store in a folder that several processes may share: records are JSON files, blobs are files named by their content.
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Json } from '../codec.js';
import { messageOf } from '../errors.js';
import { deepFreeze } from '../json.js';
import * as messages from '../messages.js';
import { explain, writeDurably } from './durable-write.js';
import { fileBlob } from './file-blob.js';
import { lockFile } from './process-lock.js';
import { ARTIFACTS, type BlobListing, type Store } from './store.js';
import { makeFolder } from './make-folder.js';

/** Bump when what is written changes in a way that this version could not read. */
export const STORE_FORMAT = 1;
const Header = z.looseObject({ format: z.int() });
const HOUR = 3_600_000;

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Keeps everything under a folder, made when it is first written. Throws `newer-store`, `not-writable`, `disk-full` or `bad-store`. */
export const folderStore = (path: string): Store => {
  const root = resolve(path);
  const name = `at ${root}`;
  const temporary = join(root, 'temporary');
  const recordPath = (address: string) => join(root, `${address}.json`);
  const spacePath = (space: string) => (space === ARTIFACTS ? join(root, ARTIFACTS) : join(root, 'spaces', space));
  const blobPath = (space: string, digest: string) => join(spacePath(space), digest.slice(0, 2), digest);
  let opened: Promise<void> | undefined;
  let checked: Promise<void> | undefined;

  const check = async () => {
    const text = await readFile(recordPath('store'), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw messages.notAStore(name, messageOf(error));
    });
    if (text === undefined) return;
    let format: number;
    try {
      ({ format } = Header.parse(JSON.parse(text)));
    } catch (error) {
      throw messages.notAStore(name, `store.json is not well formed (${messageOf(error)})`);
    }
    if (format > STORE_FORMAT) throw messages.newerStore(name, format, STORE_FORMAT);
  };
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explain(error, name, root);
    }
  };
  const put = (address: string, record: Json) =>
    write(() => writeDurably(temporary, Buffer.from(`${JSON.stringify(record)}\n`), () => recordPath(address)));
  const known = () => (checked ??= check());
  const open = async () => {
    await known();
    await write(
      async () =>
        void (await Promise.all(['temporary', 'locks', ARTIFACTS].map((folder) => makeFolder(join(root, folder))))),
    );
    // the header is written each time a process opens the store: a folder that cannot be written is found before any work
    await put('store', { format: STORE_FORMAT, about: 'Artifacts of Ingot. `ingot store` lists and frees them.' });
  };
  const ready = () => (opened ??= open());

  return {
    name,
    location: root,
    open: ready,
    async get(address) {
      await known();
      const text = await readFile(recordPath(address), 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      try {
        return deepFreeze(JSON.parse(text) as Json);
      } catch (error) {
        throw messages.damagedRecord(name, address, messageOf(error));
      }
    },
    async put(address, record) {
      await ready();
      await put(address, record);
    },
    remove: (address) => write(() => rm(recordPath(address), { force: true })),
    async list(prefix) {
      await known();
      const found = await readdir(join(root, prefix), { recursive: true }).catch(() => []);
      return found
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${prefix}/${file.slice(0, -'.json'.length).replaceAll('\\', '/')}`)
        .sort();
    },

    async putBlob(space, content) {
      await ready();
      return write(() => writeDurably(temporary, content, ({ digest }) => blobPath(space, digest)));
    },
    blob: (space, { digest }) => fileBlob(blobPath(space, digest), name, digest),
    removeBlob: (space, digest) => write(() => rm(blobPath(space, digest), { force: true })),
    removeSpace: (space) => write(() => rm(spacePath(space), { recursive: true, force: true })),
    async blobs(space) {
      const found = await readdir(spacePath(space), { recursive: true }).catch(() => []);
      const digests = found.map((file) => file.split(/[\\/]/).at(-1)!).filter((file) => file.length === 64);
      const listed = digests.map(async (digest): Promise<BlobListing[]> => {
        const file = await stat(blobPath(space, digest)).catch(() => undefined);
        return file ? [{ digest, bytes: file.size, written: file.mtimeMs }] : [];
      });
      return (await Promise.all(listed)).flat();
    },

    async lock(lock, options) {
      await ready();
      return write(() => lockFile(join(root, 'locks', `${lock.replaceAll('/', '-')}.lock`), options));
    },
    async sweep() {
      let freed = 0;
      for (const file of await readdir(temporary).catch(() => [])) {
        const draft = join(temporary, file);
        const found = await stat(draft).catch(() => undefined);
        if (!found || Date.now() - found.mtimeMs < HOUR) continue;
        await rm(draft, { force: true });
        freed += found.size;
      }
      return freed;
    },
  };
};
