// Keeps a long synchronous computation polite: the event loop gets a turn now and then.

/** A function to await between steps: it returns at once, except that after each `milliseconds` of work timers and I/O run. */
export function pacer(milliseconds = 12): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < milliseconds) return;
    await new Promise<void>((resolve) => {
      // A timer of 0 waits a whole millisecond; browsers have only that.
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
    since = performance.now();
  };
}
