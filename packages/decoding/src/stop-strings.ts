// Stop strings in a stream of text: only what may still become one is held back, and none is ever let through, however it is cut up.

export interface StopStrings {
  /** Takes more text; gives what may be shown now, and whether a stop string is complete (then nothing more may be pushed). */
  push(text: string): { readonly text: string; readonly stopped: boolean };
  /** What was held back when the text ends without a stop string. */
  flush(): string;
}

/**
 * Watches for the earliest completed of `stops`; the text before it is shown, it and what follows are not. When two are complete at
 * the same character, the longer one is cut. The result does not depend on how the text is cut into pushes.
 */
export function stopStrings(stops: readonly string[]): StopStrings {
  const longestFirst = stops.filter((stop) => stop !== '').sort((a, b) => b.length - a.length);
  const starts = new Set(
    longestFirst.flatMap((stop) => Array.from({ length: stop.length - 1 }, (_, i) => stop.slice(0, i + 1))),
  );
  const longest = longestFirst[0]?.length ?? 0;
  let held = '';

  /** Length of the longest end of `text` that is a proper beginning of a stop string. */
  const mayBecomeStop = (text: string): number => {
    for (let n = Math.min(text.length, longest - 1); n > 0; n--) if (starts.has(text.slice(-n))) return n;
    return 0;
  };

  return {
    push(text) {
      if (longest === 0) return { text, stopped: false };
      let shown = '';
      for (let i = 0; i < text.length; i++) {
        held += text.charAt(i);
        const stop = longestFirst.find((one) => held.endsWith(one));
        if (stop !== undefined) {
          const before = held.slice(0, held.length - stop.length);
          held = '';
          return { text: shown + before, stopped: true };
        }
        const keep = mayBecomeStop(held);
        shown += held.slice(0, held.length - keep);
        held = held.slice(held.length - keep);
      }
      return { text: shown, stopped: false };
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
