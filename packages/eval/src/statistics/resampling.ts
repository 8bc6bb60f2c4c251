// Random indices and signs for resampling, from Philox by seed and counter: the same numbers on every machine.
import { philox4x32 } from '@ingot/tensor';

/** Fourth words of the counter, so that no use shares numbers with another or with the draws of generation. */
export const STREAMS = { bootstrap: 0x626f6f74, permutation: 0x7065726d, shots: 0x73686f74 } as const;

/** A stream of 32-bit words under a seed (a whole number of at most 53 bits); `which` names independent streams. */
export function words(seed: number, stream: number, which = 0): () => number {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const;
  let block: readonly number[] = [];
  let used = 4;
  let counter = 0;
  return () => {
    if (used === 4) {
      block = philox4x32([counter >>> 0, Math.floor(counter / 2 ** 32), which >>> 0, stream], key);
      counter++;
      used = 0;
    }
    return block[used++] ?? 0;
  };
}

/** A whole number from 0 to n − 1 from a word: its bias is below n / 2³². */
export const below = (word: number, n: number): number => Math.floor((word / 2 ** 32) * n);
