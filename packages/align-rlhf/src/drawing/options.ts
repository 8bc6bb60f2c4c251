// Options of the stage `rollouts`.
import { list } from '@ingot/core';
import { Reward } from '@ingot/contracts';
import * as z from 'zod';

/** What changes the answers. */
export const rolloutsOptions = z.strictObject({
  generations: z.int().positive().default(4).describe('answers to each prompt'),
  tokens: z
    .int()
    .positive()
    .optional()
    .describe('the most tokens of an answer; half of the context, at most 128, unless said'),
  temperature: z.number().positive().default(1).describe('of the draw, and of the log-probabilities that are told'),
  batch: z.int().positive().default(16).describe('prompts of a round, which are scored together'),
  take: z.int().min(0).default(0).describe('another number draws other answers, as another seed would'),
  rewards: list(Reward).default([]).describe('what scores answers; their sum. None: the reward model at the port'),
  missingEndPenalty: z.number().min(0).default(0).describe('taken off the score of an answer that did not end'),
});
/** What does not. */
export const rolloutsView = z.strictObject({
  answersAtOnce: z.int().positive().default(16).describe('sequences at work at once'),
  show: z.int().min(0).default(8).describe('answers that a table of the report shows by round'),
});
/** Parsed. */
export type RolloutsOptions = z.output<typeof rolloutsOptions>;
/** Parsed. */
export type RolloutsView = z.output<typeof rolloutsView>;
