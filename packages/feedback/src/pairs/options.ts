// Options of the stage `pairs`.
import { Judge, Reward, Sampler } from '@ingot/contracts';
import { list, one } from '@ingot/core';
import * as z from 'zod';
import { askOptions } from '../judges/options.js';

/** What is kept of a prompt's ranked answers. */
export const keeping = {
  keep: z
    .enum(['best-worst', 'all'])
    .default('best-worst')
    .describe('The best and the worst of each prompt, or all of them, ranked.'),
  margin: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Prompts whose best and worst are nearer are dropped; ties always.'),
};

/** What changes the pairs. */
export const pairsOptions = z
  .strictObject({
    samples: z.int().min(2).default(4).describe('Samples of each prompt.'),
    tokens: z.int().positive().default(128).describe('The most tokens of a sample.'),
    sampler: list(Sampler)
      .prefault([])
      .describe("Applied in order; none: the model's own distribution, so that pairs are on-policy."),
    stop: z.array(z.string().min(1)).default([]).describe('A sample ends before the first of these.'),
    reward: one(Reward).optional().describe('What scores each sample; this or a judge.'),
    judge: one(Judge)
      .optional()
      .describe('What compares samples, each pair in both orders: samples · (samples − 1) questions a prompt.'),
    ...keeping,
    onLength: z
      .enum(['warn', 'stop'])
      .default('warn')
      .describe('When the reward turns out to be little but length: say so, or fail.'),
    ...askOptions,
  })
  .refine(({ reward, judge }) => (reward === undefined) !== (judge === undefined), {
    error: "expected either 'reward' or 'judge', such as reward: { use: 'afinn' }",
    path: ['reward'],
  });

/** What does not. */
export const pairsView = z.strictObject({
  batch: z
    .int()
    .positive()
    .default(16)
    .describe('Sequences at work at once: memory and speed; on a row-invariant device never a result.'),
  saveEvery: z.int().positive().default(16).describe('Prompts between two checkpoints, at least.'),
  show: z.int().nonnegative().default(3).describe('Pairs that are shown.'),
});
