// Changes of files, gathered until they are over: a burst of writes is one change.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Changes {
  add(file: string): void;
  /** Whether something changed since they were last taken. */
  readonly pending: boolean;
  /** Waits for a change and for `quiet` milliseconds without another; what changed, sorted. Nothing when the signal aborts. */
  next(signal: AbortSignal): Promise<readonly string[]>;
}

const later = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

/** Collects changes; `quiet` in milliseconds. */
export const gatherChanges = (quiet: number): Changes => {
  const files = new Set<string>();
  let last = 0;
  let wake = () => {};
  const woken = async (signal: AbortSignal): Promise<void> => {
    const { promise, resolve } = later();
    wake = resolve;
    signal.addEventListener('abort', resolve, { once: true });
    await promise;
    signal.removeEventListener('abort', resolve);
  };
  return {
    add(file) {
      files.add(file);
      last = performance.now();
      wake();
    },
    get pending() {
      return files.size > 0;
    },
    async next(signal) {
      while (!signal.aborted) {
        const wait = last + quiet - performance.now();
        if (files.size > 0 && wait <= 0) {
          const taken = [...files].sort();
          files.clear();
          return taken;
        }
        if (files.size > 0) await sleep(wait, undefined, { signal }).catch(() => {});
        else await woken(signal);
      }
      return [];
    },
  };
};
