// Artifacts go into a store and come out of it through their kind's codec; without one they are plain JSON.
import { canonical } from '../canonical.js';
import type { BlobReader, BlobWriter, Codec, Json } from '../codec.js';
import { deepFreeze } from '../json.js';
import type { AnyKind } from '../kind.js';
import * as messages from '../messages.js';
import type { OutputRecord } from './records.js';
import { ARTIFACTS, type BlobHandle, type BlobRef, type Store } from './store.js';

const jsonCodec: Codec<unknown> = {
  async write(value, to) {
    canonical(value, 'The value'); // refuses what JSON would lose in silence
    await to.put('value.json', Buffer.from(JSON.stringify(value)));
    return null;
  },
  read: async (_, from) =>
    deepFreeze(JSON.parse(Buffer.from(await from.read('value.json')).toString('utf8')) as unknown),
};
const codecOf = (kind: AnyKind): Codec<unknown> => (kind.codec as Codec<unknown> | undefined) ?? jsonCodec;

/** Streams a value's content into the store and says what its manifest needs. */
export const writeOutput = async (
  store: Store,
  kind: AnyKind,
  value: unknown,
  where: string,
): Promise<OutputRecord> => {
  const blobs: Record<string, BlobRef> = {};
  const writer: BlobWriter = {
    async put(name, content) {
      if (name in blobs) throw messages.blobTwice(where, name);
      blobs[name] = await store.putBlob(ARTIFACTS, content);
    },
  };
  const meta: Json = await codecOf(kind).write(value, writer);
  canonical(meta, `${where}, what its codec recorded,`);
  return { kind: kind.name, is: Object.keys(kind.is), meta, blobs };
};

const reader = (
  refs: Readonly<Record<string, BlobRef>>,
  handles: ReadonlyMap<string, BlobHandle>,
  where: string,
): BlobReader => {
  const find = (name: string): BlobHandle => {
    const handle = handles.get(name);
    if (!handle) throw messages.unknownBlob(where, name, Object.keys(refs));
    return handle;
  };
  const range = (name: string, offset = 0, length?: number) => {
    const handle = find(name);
    const count = length ?? handle.bytes - offset;
    if (offset < 0 || count < 0 || offset + count > handle.bytes)
      throw messages.badRange(`${where}, blob '${name}',`, offset, count, handle.bytes);
    return [handle, offset, count] as const;
  };
  return {
    size: (name) => find(name).bytes,
    async read(name, offset, length) {
      const [handle, from, count] = range(name, offset, length);
      return handle.read(from, count);
    },
    async readInto(name, into, offset) {
      const [handle, from, count] = range(name, offset, into.byteLength);
      if (handle.readInto) await handle.readInto(from, into);
      else into.set(await handle.read(from, count));
    },
    readSync(name, offset, length) {
      const [handle, from, count] = range(name, offset, length);
      return handle.readSync(from, count);
    },
    stream: (name) => find(name).stream(),
    digest: (name) => (find(name), refs[name]!.digest),
  };
};

/** A read-only handle on a stored output. Throws `bad-store` when content is missing. */
export const readOutput = async (
  store: Store,
  kind: AnyKind,
  output: OutputRecord,
  where: string,
): Promise<unknown> => {
  const handles = new Map<string, BlobHandle>();
  for (const [name, ref] of Object.entries(output.blobs)) handles.set(name, await store.blob(ARTIFACTS, ref));
  return codecOf(kind).read(output.meta, reader(output.blobs, handles, where));
};
