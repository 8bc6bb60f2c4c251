// Options of every stage of this package that lets a model speak.
import { Sampler, type ModelValue } from '@ingot/contracts';
import { type Estimate, list } from '@ingot/core';
import * as z from 'zod';

/** What changes what is said. */
export const speakOptions = {
  tokens: z.int().positive().default(128).describe('The most tokens of an answer, a critique, a revision.'),
  sampler: list(Sampler)
    .prefault([
      { use: 'temperature', value: 0.7 },
      { use: 'top-p', p: 0.9 },
    ])
    .describe("Applied in order; none: the model's own distribution."),
};
/** What does not. */
export const speakView = {
  batch: z.int().positive().default(16).describe('Conversations at work at once: memory and speed.'),
  saveEvery: z.int().positive().default(16).describe('Prompts between two checkpoints, at least.'),
  show: z.int().nonnegative().default(3).describe('Prompts whose transcript is shown.'),
};

/** Two operations for each parameter and token that is written. */
export const speakEstimate = (model: ModelValue | undefined, tokens: number): Estimate | undefined => {
  if (!model) return undefined;
  const parameters = Object.values(model.tensors).reduce(
    (sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1),
    0,
  );
  return { bytes: 4 * parameters, flops: 2 * parameters * tokens };
};
