// What every online method can be asked for, beside its own; one shape for all, so that a method swaps by one word.
import { list } from '@ingot/core';
import { Reward } from '@ingot/contracts';
import { fineTuneOptions, fineTuneView, trainableOptions } from '@ingot/training';
import * as z from 'zod';

const tripwires = z.strictObject({
  action: z
    .enum(['warn', 'stop', 'off'])
    .default('warn')
    .describe('what a tripwire does; one whose gold reward falls stops the run unless they are off'),
  klPerToken: z.number().positive().default(0.5).describe('KL of answers to the start, in nats a token'),
  entropyRatio: z.number().gt(0).lt(1).default(0.1).describe('entropy is less than this share of the start'),
  lengthRatio: z
    .number()
    .gt(1)
    .default(2)
    .describe('answers are this many times longer, or shorter, than at the start'),
  goldDrop: z
    .number()
    .positive()
    .default(0.5)
    .describe('the gold reward fell by this, in deviations of the gold at the start, while the proxy rose'),
  patience: z.int().positive().default(3).describe('readings in a row'),
});
const watch = z.strictObject({
  samples: z.int().min(0).default(16).describe('held-out prompts that are answered at every evaluation; 0 for none'),
  shown: z.int().min(0).default(8).describe('answers that a table of the report shows by step'),
});

const rewardModel = z.strictObject({
  epochs: z.number().positive().default(1).describe('how often each row of pairs is seen'),
  lr: z.number().positive().default(1e-4).describe('learning rate of AdamW'),
  batch: z.int().positive().default(8).describe('rows of one step'),
  centring: z.number().min(0).default(0.01).describe('c of c·(r_w + r_l)², which holds the scores around zero'),
});

/** Defaults that differ from method to method. */
export interface OnlineDefaults {
  readonly lr: number;
  readonly generations: number;
  readonly beta: number;
  readonly kl: 'reward' | 'loss';
  readonly iterations?: number;
}
/** Options in the key. */
export const onlineOptions = (given: OnlineDefaults) => ({
  ...fineTuneOptions({ lr: given.lr }),
  ...trainableOptions,
  generations: z.int().positive().default(given.generations).describe('answers to each prompt of a round'),
  tokens: z
    .int()
    .positive()
    .optional()
    .describe('the most tokens of an answer; half of the context, at most 128, unless said'),
  temperature: z
    .number()
    .positive()
    .default(1)
    .describe('of the draw, and of the log-probabilities that are learnt from'),
  iterations: z
    .int()
    .positive()
    .default(given.iterations ?? 1)
    .describe('times that a round of answers is learnt'),
  miniBatches: z.int().positive().default(1).describe('steps into which one time is cut'),
  beta: z.number().min(0).default(given.beta).describe('weight of the KL to the model before'),
  kl: z
    .enum(['reward', 'loss'])
    .default(given.kl)
    .describe('where the KL stands: taken off the reward (the optimum is π_ref · exp(r / β)), or a term of the loss'),
  klEstimator: z.enum(['k1', 'k2', 'k3']).optional().describe('k1 in the reward, k3 in the loss unless said'),
  adaptiveKl: z
    .strictObject({ target: z.number().positive(), horizon: z.number().positive().default(10_000) })
    .optional()
    .describe('β follows so that the KL of an answer stays at the target, in nats'),
  reference: z
    .enum(['auto', 'copy', 'none'])
    .default('auto')
    .describe('the model before: with its adapter off where there is one, else a frozen copy; none only without KL'),
  rewards: list(Reward)
    .default([])
    .describe('what scores answers; their sum. None: the port `reward`, else a reward model trained from the feedback'),
  rewardModel: rewardModel.prefault({}).describe('the reward model that is trained where nothing else scores'),
  gold: list(Reward)
    .default([])
    .describe('a reward that is watched and never learnt from: does it rise with the other?'),
  missingEndPenalty: z.number().min(0).default(0).describe('taken off the reward of an answer that did not end'),
  entropyBonus: z.number().min(0).default(0).describe('weight of the entropy in the loss'),
  mixRows: z.int().positive().default(4).describe('examples of the port `mix` beside the answers of each step'),
  mixWeight: z.number().min(0).default(1).describe("weight of their loss (PPO-ptx's γ)"),
  heldOut: z.number().min(0).max(0.5).default(0.1).describe('share of prompts kept for evaluation'),
  watch: watch.prefault({}),
  tripwires: tripwires.prefault({}),
});
/** View of every method: never in the key. */
export const onlineView = {
  ...fineTuneView,
  answersAtOnce: z.int().positive().default(32).describe('sequences at work at once in a rollout'),
};

const options = z.strictObject(onlineOptions({ lr: 1, generations: 1, beta: 0, kl: 'reward' }));
const view = z.strictObject(onlineView);
/** Parsed. */
export type OnlineOptions = z.output<typeof options>;
/** Parsed. */
export type OnlineView = z.output<typeof view>;
