// Random numbers of one fuzz case: all of them follow from the seed and the case's number.
import { philox4x32, sizeOf } from '@ingot/tensor';

/** Sizes around which kernels change their way: vector widths, tiles, blocks of eight. */
const SIZES = [1, 1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 23, 31, 32, 33, 47, 64, 65, 97] as const;
const SPECIAL = [Number.NaN, Infinity, -Infinity, -0, 0, 1e-41, -1e-41, 3e38, -3e38, 1e4, -1e4] as const;

/** What a case draws from. */
export interface Draws {
  /** Low … high, both included. */
  whole(low: number, high: number): number;
  pick<Value>(from: readonly Value[]): Value;
  chance(probability: number): boolean;
  /** A size at which kernels change their way, at most `most`. */
  size(most?: number): number;
  /** Sizes of `rank` axes, whose product is at most `most`. */
  shape(rank: number, most?: number): number[];
  /** Normal numbers; with `special`, now and then a NaN, an infinity, a zero of either sign, something tiny or huge. */
  numbers(length: number, how?: { readonly special?: boolean; readonly positive?: boolean }): Float32Array;
  /** Whole numbers from `low` to `high`. */
  ids(length: number, low: number, high: number): Int32Array;
}

/** The draws of case number `index`. */
export const drawsOf = (seed: number, index: number): Draws => {
  let drawn = 0;
  let words: readonly number[] = [];
  const word = (): number => {
    if (drawn % 4 === 0) words = philox4x32([drawn / 4, index, 0, 0], [seed, 0xf022]);
    return words[drawn++ % 4]!;
  };
  const unit = (): number => word() / 2 ** 32;
  const whole = (low: number, high: number): number => low + (word() % (high - low + 1));
  const pick = <Value>(from: readonly Value[]): Value => from[whole(0, from.length - 1)]!;
  const chance = (probability: number): boolean => unit() < probability;
  const size = (most = 97): number => pick(SIZES.filter((n) => n <= most));
  return {
    whole,
    pick,
    chance,
    size,
    shape(rank, most = 3000) {
      const shape: number[] = [];
      while (shape.length < rank) shape.push(size(Math.max(1, Math.min(97, Math.floor(most / sizeOf(shape))))));
      // Which axis is long is a matter of chance.
      return shape
        .map((n) => [word(), n] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, n]) => n);
    },
    numbers(length, { special = false, positive = false } = {}) {
      const often = special ? pick([0, 0.02, 0.5]) : 0;
      return Float32Array.from({ length }, () => {
        if (often > 0 && chance(often)) return pick(SPECIAL);
        const x = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
        return positive ? Math.abs(x) + 0.1 : x;
      });
    },
    ids: (length, low, high) => Int32Array.from({ length }, () => whole(low, high)),
  };
};
