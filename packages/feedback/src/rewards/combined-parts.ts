// Parts over other rewards: `sum`, `clip` and `standardise`.
import { Reward } from '@ingot/contracts';
import { list, one } from '@ingot/core';
import * as z from 'zod';
import { mapped, sumOf } from './combine.js';

/** Reward `sum`: several rewards, each with its weight. */
export const sumPart = Reward.part({
  name: 'sum',
  version: 1,
  options: z
    .strictObject({
      of: list(Reward).describe('The rewards to add.'),
      weights: z.array(z.number()).optional().describe('One for each reward; 1 unless given.'),
    })
    .refine(({ of, weights }) => of.length > 0 && (weights === undefined || weights.length === of.length), {
      error: 'expected at least one reward, and one weight for each of them or none at all',
      path: ['weights'],
    }),
  make: ({ of, weights }) => sumOf(of, weights ?? of.map(() => 1)),
});

/** Reward `clip`: no number below `low` or above `high`, so that one lucky answer does not rule a run. */
export const clipPart = Reward.part({
  name: 'clip',
  version: 1,
  options: z
    .strictObject({
      of: one(Reward).describe('The reward to clip.'),
      low: z.number().default(-1),
      high: z.number().default(1),
    })
    .refine(({ low, high }) => low < high, { error: 'expected low < high', path: ['low'] }),
  make: ({ of, low, high }) => mapped(of, (score) => Math.min(high, Math.max(low, score))),
});

/** Reward `standardise`: (reward − mean) / deviation, by fixed numbers, such as those that the stage `pairs` tells of the model before it is trained. */
export const standardisePart = Reward.part({
  name: 'standardise',
  version: 1,
  options: z.strictObject({
    of: one(Reward).describe('The reward to bring to scale.'),
    mean: z.number().default(0),
    deviation: z.number().positive().default(1),
  }),
  make: ({ of, mean, deviation }) => mapped(of, (score) => (score - mean) / deviation),
});
