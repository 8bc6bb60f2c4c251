// Which principle an answer is held against: one of them by chance, the same for the same seed, or all in their order.
import { digest } from '@ingot/core';
import type { Constitution, Principle } from './constitution.js';

/** A whole number below `count` that a seed, a place and a round decide: the first 48 bits of their sha256, so that no draw depends on another. */
export const drawn = (seed: number, place: number, round: number, count: number): number =>
  Number.parseInt(digest(`${seed}:${place}:${round}`).slice(0, 12), 16) % count;

/** The principles of one answer, a round each. `one`: `rounds` draws; `all`: the whole constitution, `rounds` times over. */
export const principlesOf = (
  { principles }: Constitution,
  how: 'one' | 'all',
  { seed, place, rounds }: { readonly seed: number; readonly place: number; readonly rounds: number },
): readonly Principle[] =>
  Array.from({ length: rounds }, (_, round) =>
    how === 'all' ? principles : [principles[drawn(seed, place, round, principles.length)]!],
  ).flat();
