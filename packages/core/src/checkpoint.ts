// What a stage keeps so that a killed run goes on to the same bits.
import type { Json } from './codec.js';

/** A state as it was saved. */
export interface SavedState {
  readonly meta: Json;
  /** The whole blob. Throws `unknown-name` when the state has none of that name. */
  blob(name: string): Promise<Uint8Array>;
}

/** Kept under the stage's key until its artifact is whole. */
export interface Checkpoint {
  /** The last saved state, or undefined at a first start; its events are replayed into the run's log. */
  load(): Promise<SavedState | undefined>;
  /** Replaces the saved state as a whole, or not at all. Yield a step's events before you save that step: the log so far is saved with it. */
  save(meta: Json, blobs?: Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>): Promise<void>;
}
