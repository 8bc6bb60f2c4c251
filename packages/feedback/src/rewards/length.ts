// Reward `length`: how long a completion is, or how near to a wanted length.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';
import { lengthOf, unitOption, type LengthUnit } from './words.js';

/** The length, or −|length − target| / target. */
export function lengthReward(text: string, unit: LengthUnit, target?: number): number {
  const length = lengthOf(text, unit);
  return target === undefined ? length : -Math.abs(length - target) / target;
}

/** Reward `length`. Without a target longer is better: useful only in a sum with a small weight, negative to shorten. */
export const lengthPart = Reward.part({
  name: 'length',
  version: 1,
  options: z.strictObject({
    unit: unitOption,
    target: z
      .int()
      .positive()
      .optional()
      .describe(
        'The wanted length: the reward is 0 there, −1 at nothing and at twice of it. Without one, the length itself.',
      ),
  }),
  make:
    ({ unit, target }) =>
    ({ text }) =>
      lengthReward(text, unit, target),
});
