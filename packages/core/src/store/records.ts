// What is recorded of a finished stage and of a saved state, checked when it is read.
import * as z from 'zod';
import type { Json } from '../codec.js';
import * as messages from '../messages.js';
import { address, type BlobRef, type Store } from './store.js';

const json = z.json() as unknown as z.ZodType<Json>;
const blob = z.strictObject({ digest: z.string(), bytes: z.int() }) satisfies z.ZodType<BlobRef>;
const blobs = z.record(z.string(), blob);
const words = z.record(z.string(), z.string());

const Output = z.strictObject({ kind: z.string(), is: z.array(z.string()), meta: json, blobs });
/** One output of a finished stage. */
export type OutputRecord = z.output<typeof Output>;

const Manifest = z.strictObject({
  key: z.string(),
  stage: z.string(),
  version: z.int(),
  plugin: z.string(),
  /** The canonical JSON that the key is the digest of. */
  material: z.string(),
  outputs: z.record(z.string(), Output),
  /** The log, one event a line. */
  events: blob,
  /** What the services said about themselves. */
  about: words,
  made: z.iso.datetime(),
  milliseconds: z.number(),
});
/** Written last: its presence means that the artifact is whole. */
export type Manifest = z.output<typeof Manifest>;

const SavedRecord = z.strictObject({ meta: json, blobs, events: z.array(blob), about: words });
/** A saved state; `events` is the log up to it, in segments. */
export type SavedRecord = z.output<typeof SavedRecord>;

const read = async <T>(store: Store, at: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  const record = await store.get(at);
  if (record === undefined) return undefined;
  const parsed = schema.safeParse(record);
  if (!parsed.success) throw messages.damagedRecord(store.name, at, z.prettifyError(parsed.error));
  return parsed.data;
};

/** The manifest of a key, or undefined. Throws `bad-store` when it is damaged. */
export const readManifest = (store: Store, key: string): Promise<Manifest | undefined> =>
  read(store, address.artifact(key), Manifest);
/** The saved state of a key, or undefined. Throws `bad-store` when it is damaged. */
export const readSaved = (store: Store, key: string): Promise<SavedRecord | undefined> =>
  read(store, address.checkpoint(key), SavedRecord);

/** Every content that a manifest holds. */
export const blobsOf = (manifest: Manifest): readonly BlobRef[] => [
  ...new Map(
    [manifest.events, ...Object.values(manifest.outputs).flatMap((output) => Object.values(output.blobs))].map(
      (ref) => [ref.digest, ref],
    ),
  ).values(),
];
/** Bytes of content that a manifest holds. */
export const bytesOf = (manifest: Manifest): number => blobsOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
