// What every stage that tunes a model can be asked for; a stage spreads these shapes into its own options and view.
import { one } from '@ingot/core';
import { Optimiser, Schedule } from '@ingot/contracts';
import * as z from 'zod';

/** Options of the loop, all of them in the key. `lr` is the optimiser's default learning rate for this kind of tuning. */
export const fineTuneOptions = (given: {
  readonly lr: number;
  readonly batch?: number;
  readonly epochs?: number;
  readonly weightDecay?: number;
}) => ({
  steps: z.int().positive().optional().describe('optimiser steps; instead of epochs'),
  epochs: z
    .number()
    .positive()
    .default(given.epochs ?? 1)
    .describe('how often each row is seen; a fraction sees a part of them'),
  batch: z
    .int()
    .positive()
    .default(given.batch ?? 8)
    .describe('rows of one step'),
  microBatch: z
    .int()
    .positive()
    .optional()
    .describe('rows at once; fewer than batch accumulates gradients, exactly: memory changes, the step does not'),
  optimiser: one(Optimiser)
    .prefault({ use: 'adamw', lr: given.lr, weightDecay: given.weightDecay ?? 0, beta2: 0.999 })
    .describe('and its learning rate'),
  schedule: one(Schedule).prefault({ use: 'linear', warmupFraction: 0.1 }).describe('multiplies the learning rate'),
  clip: z.number().positive().nullable().default(1).describe('limit of the global gradient norm; null for none'),
  evalEvery: z.int().positive().optional().describe('steps between evaluations; a tenth of all steps unless said'),
  patience: z
    .int()
    .positive()
    .optional()
    .describe('evaluations without a better score after which the run ends; goes on to the end unless said'),
  keep: z.enum(['last', 'best']).default('last').describe("'best' gives the weights of the best evaluation"),
});

/** View of the loop: never in the key. */
export const fineTuneView = {
  logEvery: z.int().positive().default(1).describe('steps between metric events'),
  checkpointEvery: z.int().positive().default(50).describe('steps between checkpoints; a cancelled run saves one more'),
  anomaly: z
    .boolean()
    .default(false)
    .describe('look at every op of every step for the first NaN; slow. A step that fails is looked at in any case'),
  spikeFactor: z.number().gt(1).default(4).describe('stop when the loss stays over this many times its running mean'),
  spikePatience: z.int().positive().default(20).describe('for this many steps in a row'),
};

const options = z.strictObject(fineTuneOptions({ lr: 1 }));
const view = z.strictObject(fineTuneView);
/** Parsed options of the loop. */
export type FineTuneOptions = z.output<typeof options>;
/** Parsed view of the loop. */
export type FineTuneView = z.output<typeof view>;

/** Optimiser steps over `rows` rows: `steps`, else `epochs` of whole and begun batches, at least one. */
export const stepsOf = (
  { steps, epochs, batch }: Pick<FineTuneOptions, 'steps' | 'epochs' | 'batch'>,
  rows: number,
): number => steps ?? Math.max(1, Math.ceil((epochs * rows) / batch));
