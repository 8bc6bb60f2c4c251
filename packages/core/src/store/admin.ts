// What `ingot store` does: list, pin, find and export artifacts.
import { createWriteStream, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StageEvent } from '../events.js';
import type { AnyKind, ValueOf } from '../kind.js';
import * as messages from '../messages.js';
import { readOutput } from './artifact.js';
import { readEvents } from './event-log.js';
import { liveLeases } from './lease.js';
import { bytesOf, readManifest, type Manifest } from './records.js';
import { address, ARTIFACTS, type Store } from './store.js';
import { makeFolder } from './make-folder.js';

export interface StoreRow {
  readonly key: string;
  readonly stage: string;
  /** Output ports with their kinds. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Bytes of content; content that artifacts share is counted in each. */
  readonly bytes: number;
  /** ISO time. */
  readonly made: string;
  /** Milliseconds since 1970 of the last run that used it. */
  readonly used: number;
  readonly milliseconds: number;
  readonly pinned: boolean;
  readonly inUse: boolean;
}

const lastUse = async (store: Store, manifest: Manifest): Promise<number> => {
  const record = await store.get(address.used(manifest.key));
  const at = typeof record === 'object' && record !== null && 'at' in record ? Number(record.at) : 0;
  return Math.max(at, Date.parse(manifest.made));
};
const keysBelow = async (store: Store, prefix: string) =>
  (await store.list(prefix)).map((at) => at.slice(prefix.length + 1));

/** Every whole artifact, last used last. */
export const listArtifacts = async (store: Store): Promise<readonly StoreRow[]> => {
  const pinned = new Set(await keysBelow(store, 'pins'));
  const inUse = new Set((await liveLeases(store)).flatMap((lease) => lease.keys));
  const rows: StoreRow[] = [];
  for (const key of await keysBelow(store, 'artifacts')) {
    const manifest = await readManifest(store, key);
    if (!manifest) continue;
    const outputs = Object.fromEntries(Object.entries(manifest.outputs).map(([port, output]) => [port, output.kind]));
    const { stage, made, milliseconds } = manifest;
    rows.push({
      key,
      stage,
      outputs,
      bytes: bytesOf(manifest),
      made,
      used: await lastUse(store, manifest),
      milliseconds,
      pinned: pinned.has(key),
      inUse: inUse.has(key),
    });
  }
  return rows.sort((a, b) => a.used - b.used || a.key.localeCompare(b.key));
};

/** The whole key that starts so. Throws `unknown-name` unless there is exactly one. */
export const findKey = async (store: Store, prefix: string): Promise<string> => {
  const keys = await keysBelow(store, 'artifacts');
  const found = keys.filter((key) => key.startsWith(prefix));
  if (found.length !== 1)
    throw messages.unknownArtifact(
      store.name,
      prefix,
      keys.map((key) => key.slice(0, 12)),
    );
  return found[0]!;
};

/** Keeps an artifact out of `collectGarbage`, or lets it go again. Throws `unknown-name`. */
export const pinArtifact = async (store: Store, key: string, pinned = true): Promise<void> => {
  const whole = await findKey(store, key);
  if (pinned) await store.put(address.pin(whole), { since: Date.now() });
  else await store.remove(address.pin(whole));
};

/** The manifest of an artifact. Throws `unknown-name`. */
export const artifactManifest = async (store: Store, key: string): Promise<Manifest> =>
  (await readManifest(store, await findKey(store, key)))!;

/** The value behind an output, as a read-only handle; `kind` may be wider than the stored one. Throws `unknown-name`, or `bad-kind` for an output of no such kind. */
export const readArtifact = async <K extends AnyKind>(
  store: Store,
  key: string,
  port: string,
  kind: K,
): Promise<ValueOf<K>> => {
  const manifest = await artifactManifest(store, key);
  const output = manifest.outputs[port];
  if (!output) throw messages.noSuchOutput(store.name, key, port, Object.keys(manifest.outputs));
  if (!output.is.includes(kind.name)) throw messages.otherKind(key, port, kind.name, output.kind);
  return (await readOutput(store, kind, output, `'${key}.${port}'`)) as ValueOf<K>;
};

/** The log that is stored with an artifact. Throws `unknown-name`. */
export const artifactEvents = async (store: Store, key: string): Promise<readonly StageEvent[]> =>
  readEvents(store, ARTIFACTS, (await artifactManifest(store, key)).events);

/** Copies an artifact to a new folder: `manifest.json`, `events.ndjson`, and each output's blobs below its port. Throws `bad-input` when the folder exists. */
export const exportArtifact = async (store: Store, key: string, folder: string): Promise<void> => {
  const manifest = await artifactManifest(store, key);
  if (existsSync(folder)) throw messages.targetExists(folder);
  await makeFolder(folder);
  const copy = async (path: string, ref: Manifest['events']) => {
    await makeFolder(dirname(path));
    await pipeline(Readable.from((await store.blob(ARTIFACTS, ref)).stream()), createWriteStream(path));
  };
  for (const [port, output] of Object.entries(manifest.outputs))
    for (const [name, ref] of Object.entries(output.blobs)) await copy(join(folder, port, name), ref);
  await copy(join(folder, 'events.ndjson'), manifest.events);
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
};
