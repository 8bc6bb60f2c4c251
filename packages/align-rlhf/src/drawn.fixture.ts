// The batches of bench/peers/trl_rl.py, drawn by the same generator: numbers in steps of powers of two.

/** x <- 1664525 x + 1013904223 mod 2^32, the upper 24 bits, below n. */
export function generator(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return (x >>> 8) % n;
  };
}
/** S answers; the lists of tokens are flat. */
export interface DrawnBatch {
  readonly lengths: number[];
  readonly rewards: number[];
  readonly policy: number[];
  readonly old: number[];
  readonly reference: number[];
  readonly values: number[];
  readonly oldValues: number[];
}
/** The next batch. */
export function drawBatch(below: (n: number) => number, answers: number, tokens: number): DrawnBatch {
  const batch: DrawnBatch = {
    lengths: [],
    rewards: [],
    policy: [],
    old: [],
    reference: [],
    values: [],
    oldValues: [],
  };
  for (let s = 0; s < answers; s++) {
    const length = 1 + below(tokens);
    batch.lengths.push(length);
    batch.rewards.push((below(1024) - 512) / 256);
    for (let t = 0; t < length; t++) {
      const old = -(1 + below(16384));
      batch.old.push(old / 4096);
      batch.policy.push(Math.min(-1, old + below(4096) - 2048) / 4096);
      batch.reference.push(Math.min(-1, old + below(8192) - 4096) / 4096);
      const value = (below(2048) - 1024) / 512;
      batch.oldValues.push(value);
      batch.values.push(value + (below(512) - 256) / 512);
    }
  }
  return batch;
}
