// A store in memory: the same promises as a folder, without durability; for tests and for trying things.
import { createHash } from 'node:crypto';
import type { Json } from '../codec.js';
import { deepFreeze } from '../json.js';
import * as messages from '../messages.js';
import type { BlobHandle, Content, LockOptions, Store } from './store.js';

const pieces = async function* (content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
};

const handle = (content: Uint8Array): BlobHandle => {
  // a copy, as a file gives one: a reader may change what it got
  const slice = (offset: number, length: number) => new Uint8Array(content.subarray(offset, offset + length));
  return {
    bytes: content.length,
    read: async (offset, length) => slice(offset, length),
    readInto: async (offset, into) => into.set(content.subarray(offset, offset + into.byteLength)),
    readSync: slice,
    async *stream() {
      yield slice(0, content.length);
    },
  };
};

/** Keeps everything in this process; two runs may share it, two processes may not. */
export const memoryStore = (): Store => {
  const records = new Map<string, string>();
  const spaces = new Map<string, Map<string, { readonly content: Uint8Array; readonly written: number }>>();
  const tails = new Map<string, Promise<void>>();
  const name = 'in memory';

  return {
    name,
    open: async () => {},
    get: async (address) => {
      const text = records.get(address);
      return text === undefined ? undefined : deepFreeze(JSON.parse(text) as Json);
    },
    put: async (address, record) => void records.set(address, JSON.stringify(record)),
    remove: async (address) => void records.delete(address),
    list: async (prefix) => [...records.keys()].filter((address) => address.startsWith(`${prefix}/`)).sort(),

    async putBlob(space, content) {
      const held: Uint8Array[] = [];
      for await (const piece of pieces(content)) held.push(new Uint8Array(piece));
      const whole = new Uint8Array(Buffer.concat(held));
      const digest = createHash('sha256').update(whole).digest('hex');
      const blobs = spaces.get(space) ?? new Map();
      spaces.set(space, blobs.set(digest, { content: whole, written: Date.now() }));
      return { digest, bytes: whole.length };
    },
    async blob(space, { digest }) {
      const found = spaces.get(space)?.get(digest);
      if (!found) throw messages.missingBlob(name, digest);
      return handle(found.content);
    },
    removeBlob: async (space, digest) => void spaces.get(space)?.delete(digest),
    removeSpace: async (space) => void spaces.delete(space),
    blobs: async (space) =>
      [...(spaces.get(space) ?? [])].map(([digest, { content, written }]) => ({
        digest,
        bytes: content.length,
        written,
      })),

    async lock(lockName, { signal, onWait }: LockOptions = {}) {
      const before = tails.get(lockName);
      let free = () => {};
      const held = new Promise<void>((resolve) => (free = resolve));
      const tail = (before ?? Promise.resolve()).then(() => held);
      tails.set(lockName, tail);
      const release = async () => {
        free();
        if (tails.get(lockName) === tail) tails.delete(lockName);
      };
      if (before) {
        onWait?.('another run of this process');
        try {
          await Promise.race([before, aborted(signal)]);
        } catch (error) {
          void release();
          throw error;
        }
      }
      return release;
    },
    sweep: async () => 0,
  };
};

const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
