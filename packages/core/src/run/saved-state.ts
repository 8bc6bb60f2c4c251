// A stage's checkpoint over a store: replaced as a whole, with the log up to it.
import { canonical } from '../canonical.js';
import type { Checkpoint, SavedState } from '../checkpoint.js';
import type { StageEvent } from '../events.js';
import * as messages from '../messages.js';
import { readEvents, writeEvents } from '../store/event-log.js';
import { readSaved, type SavedRecord } from '../store/records.js';
import { address, checkpointSpace, type BlobRef, type Store } from '../store/store.js';

/** The log of one stage, as far as it has got. */
export interface StageLog {
  readonly events: StageEvent[];
  say(event: StageEvent, replayed: boolean): void;
}
/** Whose state it is, and what it was made on. */
export interface Place {
  readonly store: Store;
  readonly key: string;
  readonly where: string;
  readonly about: Readonly<Record<string, string>>;
}
export interface SavedStateContext extends Place {
  readonly log: StageLog;
  /** Called before a save: a process whose run is gone must not write any more. */
  readonly mayWrite?: () => void;
}

const same = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  canonical(a, 'about') === canonical(b, 'about');
const words = (about: Readonly<Record<string, string>>): string =>
  Object.values(about).join(', ') || 'something unnamed';

/** Removes a saved state and its content. */
export const forget = async (store: Store, key: string): Promise<void> => {
  await store.remove(address.checkpoint(key));
  await store.removeSpace(checkpointSpace(key));
};

/** A record as a stage reads it. */
const openState = ({ store, key, where }: Place, record: SavedRecord): SavedState => ({
  meta: record.meta,
  async blob(name) {
    const ref = record.blobs[name];
    if (!ref) throw messages.unknownBlob(`The saved state of ${where}`, name, Object.keys(record.blobs));
    const handle = await store.blob(checkpointSpace(key), ref);
    return handle.read(0, handle.bytes);
  },
});

/** The saved state, only read: its log is not taken up. Undefined where there is none, or one that was made on something else. */
export const readState = async (place: Place): Promise<SavedState | undefined> => {
  const record = await readSaved(place.store, place.key);
  return record && same(record.about, place.about) ? openState(place, record) : undefined;
};

/** The checkpoint that a stage's `run` is given. */
export const savedState = ({ store, key, where, about, log, mayWrite }: SavedStateContext): Checkpoint => {
  const space = checkpointSpace(key);
  /** Segments of the log that are stored, and how many events they hold. */
  let segments: readonly BlobRef[] = [];
  let stored = 0;
  let last: SavedRecord | undefined;

  const resume = async (record: SavedRecord) => {
    const events: StageEvent[] = [];
    for (const segment of record.events) events.push(...(await readEvents(store, space, segment)));
    // what was said before this load is in the saved log too: the first start said it before its own load
    log.events.splice(0, log.events.length, ...events);
    for (const event of events) log.say(event, true);
    segments = record.events;
    stored = events.length;
    last = record;
  };

  return {
    async load() {
      const record = await readSaved(store, key);
      if (!record) return undefined;
      if (!same(record.about, about)) {
        const event: StageEvent = { type: 'warning', text: messages.goesOn(words(record.about)) };
        log.events.push(event);
        log.say(event, false);
        await forget(store, key);
        return undefined;
      }
      await resume(record);
      return openState({ store, key, where, about }, record);
    },
    async save(meta, blobs = {}) {
      canonical(meta, `The saved state of ${where}`);
      mayWrite?.();
      const kept: Record<string, BlobRef> = {};
      for (const [name, content] of Object.entries(blobs)) kept[name] = await store.putBlob(space, content);
      const count = log.events.length;
      if (count > stored) segments = [...segments, await writeEvents(store, space, log.events.slice(stored))];
      stored = count;
      mayWrite?.();
      const before = last;
      last = { meta, blobs: kept, events: [...segments], about: { ...about } };
      await store.put(address.checkpoint(key), last);
      const alive = new Set([...Object.values(kept), ...segments].map(({ digest }) => digest));
      const old = [...Object.values(before?.blobs ?? {}), ...(before?.events ?? [])].map(({ digest }) => digest);
      for (const digest of new Set(old)) if (!alive.has(digest)) await store.removeBlob(space, digest);
    },
  };
};
