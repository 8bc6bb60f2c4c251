// Stage events as content: one JSON event a line.
import type { StageEvent } from '../events.js';
import { parseLog, stringifyLog } from '../json.js';
import type { BlobRef, Store } from './store.js';

/** Stores events in their order. */
export const writeEvents = (store: Store, space: string, events: readonly StageEvent[]): Promise<BlobRef> =>
  store.putBlob(space, Buffer.from(events.map((event) => `${stringifyLog(event)}\n`).join('')));

/** The events as they were stored. */
export const readEvents = async (store: Store, space: string, ref: BlobRef): Promise<StageEvent[]> => {
  const blob = await store.blob(space, ref);
  const text = Buffer.from(await blob.read(0, blob.bytes)).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => parseLog(line) as unknown as StageEvent);
};
