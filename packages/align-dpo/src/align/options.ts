// What every preference method can be asked for, beside the options of its loss; one shape for all, so that a method swaps by one word.
import { list } from '@ingot/core';
import { Reward, Task } from '@ingot/contracts';
import { fineTuneOptions, fineTuneView, trainableOptions } from '@ingot/training';
import * as z from 'zod';

const tripwires = z.strictObject({
  action: z.enum(['warn', 'stop', 'off']).default('warn').describe('what a tripwire does'),
  displacement: z
    .number()
    .negative()
    .default(-0.5)
    .describe('chosen completions lost more than this, in nats a token, against the start'),
  klPerToken: z.number().positive().default(0.5).describe('KL of samples to the start, in nats a token'),
  lengthRatio: z
    .number()
    .gt(1)
    .default(1.5)
    .describe('samples are this many times longer, or shorter, than at the start'),
  taskDrop: z.number().positive().default(0.05).describe('share by which a held-out task is worse than at the start'),
});
const watch = z.strictObject({
  samples: z.int().min(0).default(8).describe('prompts that are answered at every evaluation; 0 for none'),
  tokens: z.int().positive().default(48).describe('the most tokens of such an answer'),
});
const referenceSync = z.strictObject({
  every: z.int().positive().default(512).describe('steps between two moves of the reference'),
  alpha: z.number().gt(0).max(1).default(0.6).describe('share of the policy in the moved reference; 1 copies it'),
});

/** Options in the key. */
export const alignOptions = (given: { readonly lr: number }) => ({
  ...fineTuneOptions({ lr: given.lr }),
  ...trainableOptions,
  maxTokens: z
    .int()
    .min(4)
    .optional()
    .describe("the most tokens of prompt and completion; the model's context unless said"),
  pairs: z
    .enum(['best-worst', 'all'])
    .default('best-worst')
    .describe('of more than two ranked completions: the best against the worst, or every pair'),
  reference: z
    .enum(['auto', 'computed-once', 'copy', 'adapter-off'])
    .default('auto')
    .describe(
      'where the reference comes from: computed once before the first step (auto), a frozen copy, or the model with its adapter off; the port `reference` goes before',
    ),
  referenceSync: referenceSync.optional().describe('TR-DPO: a reference copy that follows the policy'),
  betaTo: z.number().positive().optional().describe("β at the last step; it moves there from the loss's own on a line"),
  mixShare: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.15)
    .describe('rows of the port `mix` beside those of a step, as a share'),
  mixWeight: z.number().positive().default(1).describe('weight of the supervised loss on the mix'),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of prompts kept for evaluation, by the hash of the prompt'),
  tasks: list(Task).default([]).describe('held-out tasks measured at every evaluation'),
  rewards: list(Reward).default([]).describe('what scores the watched samples: watched, never learnt from'),
  watch: watch.prefault({}),
  tripwires: tripwires.prefault({}),
});
/** View of every method. */
export const alignView = fineTuneView;

const options = z.strictObject(alignOptions({ lr: 1 }));
const view = z.strictObject(alignView);
/** Parsed. */
export type AlignOptions = z.output<typeof options>;
/** Parsed. */
export type AlignView = z.output<typeof view>;
