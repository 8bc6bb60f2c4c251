// Turns: at most so many at a time, in the order of asking.

/** Waits for a turn and returns what ends it. */
export type TakeTurn = () => Promise<() => void>;

/** `atATime` turns; of stages that compute there is one. */
export const turns = (atATime: number): TakeTurn => {
  let free = atATime;
  const waiting: (() => void)[] = [];
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = waiting.shift();
      if (next) next();
      else free++;
    };
  };
};
