// Frees what a store can spare: the longest unused first, down to a budget; never what is pinned or in use.
import { liveLeases } from './lease.js';
import { listArtifacts } from './admin.js';
import { blobsOf, readManifest, readSaved } from './records.js';
import { address, ARTIFACTS, checkpointSpace, type BlobRef, type Store } from './store.js';

export interface GarbageOptions {
  /** Bytes of content to keep at most; without it only what nothing refers to is freed. */
  readonly budget?: number;
  /** Says what would go, and frees nothing. */
  readonly dryRun?: boolean;
}
export interface GarbageReport {
  /** Keys of artifacts that were removed. */
  readonly artifacts: readonly string[];
  /** Keys of saved states that were removed. */
  readonly checkpoints: readonly string[];
  readonly freed: number;
  readonly kept: number;
}
interface Entry {
  readonly key: string;
  readonly kind: 'artifact' | 'checkpoint';
  readonly used: number;
  readonly free: boolean;
  readonly blobs: readonly (BlobRef & { readonly space: string })[];
}

const entriesOf = async (store: Store, inUse: ReadonlySet<string>): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (const { key, used, pinned } of await listArtifacts(store)) {
    const manifest = await readManifest(store, key);
    if (manifest)
      entries.push({
        key,
        kind: 'artifact',
        used,
        free: !pinned && !inUse.has(key),
        blobs: blobsOf(manifest).map((ref) => ({ ...ref, space: ARTIFACTS })),
      });
  }
  for (const at of await store.list('checkpoints')) {
    const key = at.slice('checkpoints/'.length);
    const saved = await readSaved(store, key);
    if (!saved || entries.some((entry) => entry.kind === 'artifact' && entry.key === key)) continue;
    const space = checkpointSpace(key);
    const used = Math.max(0, ...(await store.blobs(space)).map(({ written }) => written));
    entries.push({
      key,
      kind: 'checkpoint',
      used,
      free: !inUse.has(key),
      blobs: [...Object.values(saved.blobs), ...saved.events].map((ref) => ({ ...ref, space })),
    });
  }
  return entries.sort((a, b) => a.used - b.used);
};

/** Saved states, or their content alone, of stages that are made: what a run leaves that is killed right before its last act. */
const spentOf = async (store: Store, made: readonly Entry[], inUse: ReadonlySet<string>): Promise<Entry[]> => {
  const spent: Entry[] = [];
  for (const { key, kind, used } of made) {
    if (kind !== 'artifact' || inUse.has(key)) continue;
    const space = checkpointSpace(key);
    const blobs = (await store.blobs(space)).map((ref) => ({ ...ref, space }));
    if (blobs.length > 0 || (await store.get(address.checkpoint(key))) !== undefined)
      spent.push({ key, kind: 'checkpoint', used, free: true, blobs });
  }
  return spent;
};

/** Frees under a lock of the store, so that two collectors never meet. Content younger than the oldest run that lives is left alone. */
export const collectGarbage = async (
  store: Store,
  { budget = Infinity, dryRun = false }: GarbageOptions = {},
): Promise<GarbageReport> => {
  const unlock = await store.lock('garbage');
  try {
    const leases = await liveLeases(store);
    const inUse = new Set(leases.flatMap((lease) => lease.keys));
    const entries = await entriesOf(store, inUse);
    const owners = new Map<string, number>();
    let total = 0;
    for (const { blobs } of entries)
      for (const { space, digest, bytes } of blobs) {
        const at = `${space}/${digest}`;
        if (!owners.has(at)) total += bytes;
        owners.set(at, (owners.get(at) ?? 0) + 1);
      }
    const gone = await spentOf(store, entries, inUse);
    let freed = 0;
    if (!dryRun) for (const { key } of gone) await store.remove(address.checkpoint(key));
    for (const entry of entries) {
      if (total <= budget) break;
      if (!entry.free) continue;
      gone.push(entry);
      for (const { space, digest, bytes } of entry.blobs) {
        const at = `${space}/${digest}`;
        const left = owners.get(at)! - 1;
        owners.set(at, left);
        if (left === 0) total -= bytes;
      }
      if (dryRun) continue;
      if (entry.kind === 'artifact') await store.remove(address.artifact(entry.key));
      else await store.remove(address.checkpoint(entry.key));
      await store.remove(address.used(entry.key));
    }
    const before = Math.min(Infinity, ...leases.map((lease) => lease.since));
    for (const { digest, bytes, written } of await store.blobs(ARTIFACTS)) {
      if ((owners.get(`${ARTIFACTS}/${digest}`) ?? 0) > 0 || written >= before) continue;
      freed += bytes;
      if (!dryRun) await store.removeBlob(ARTIFACTS, digest);
    }
    for (const { key, kind, blobs } of gone) {
      if (kind !== 'checkpoint') continue;
      freed += blobs.reduce((sum, { bytes }) => sum + bytes, 0);
      if (!dryRun) await store.removeSpace(checkpointSpace(key));
    }
    if (!dryRun) freed += await store.sweep();
    const keysOf = (kind: Entry['kind']) => gone.filter((entry) => entry.kind === kind).map(({ key }) => key);
    return { artifacts: keysOf('artifact'), checkpoints: keysOf('checkpoint'), freed, kept: total };
  } finally {
    await unlock();
  }
};
