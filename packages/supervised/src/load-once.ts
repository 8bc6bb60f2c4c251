// A checkpoint that is read once and remembered: whoever opens a run may ask whether there is one before the loop takes it up.
import type { Checkpoint, SavedState } from '@ingot/core';

/** The same checkpoint; its `load` reads, and replays the log, the first time only. */
export function loadOnce(checkpoint: Checkpoint): Checkpoint {
  let loaded: Promise<SavedState | undefined> | undefined;
  return {
    load: () => (loaded ??= checkpoint.load()),
    save: (meta, blobs) => checkpoint.save(meta, blobs),
  };
}
