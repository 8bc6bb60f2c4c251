// Reward `overlong`: a soft punishment near the longest allowed length. Yu et al. 2025 (DAPO), eq. 13; TRL's get_soft_overlong_punishment.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';
import { lengthOf, unitOption } from './words.js';

/** 0 up to most − soft, from there in a straight line to −1 at `most`, −1 beyond. */
export function overlongPunishment(length: number, most: number, soft: number): number {
  if (length <= most - soft) return 0;
  return length <= most ? (most - soft - length) / soft : -1;
}

/** Reward `overlong`: punishes what is too long and rewards nothing for being short. Counts words or characters, for a reward sees no tokens. */
export const overlongPart = Reward.part({
  name: 'overlong',
  version: 1,
  options: z.strictObject({
    unit: unitOption,
    most: z.int().positive().describe('The longest allowed length.'),
    soft: z.int().nonnegative().describe('How long before that the punishment begins.'),
  }),
  make:
    ({ unit, most, soft }) =>
    ({ text }) =>
      overlongPunishment(lengthOf(text, unit), most, soft),
});
