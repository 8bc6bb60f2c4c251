// The samplers as parts: chosen by name in the options of a stage.
import { Sampler } from '@ingot/contracts';
import * as z from 'zod';
import { greedy } from './greedy.js';
import { temperature } from './temperature.js';
import { topK } from './top-k.js';
import { topP } from './top-p.js';

/** Sampler `greedy`: the most likely token, always. */
export const greedyPart = Sampler.part({
  name: 'greedy',
  version: 1,
  options: z.strictObject({}),
  make: () => (logits) => greedy(logits),
});

/** Sampler `temperature`: logits / value. */
export const temperaturePart = Sampler.part({
  name: 'temperature',
  version: 1,
  options: z.strictObject({
    value: z.number().nonnegative().default(0.7).describe('Below 1 sharpens, above 1 flattens; 0 is greedy.'),
  }),
  make:
    ({ value }) =>
    (logits) =>
      temperature(logits, value),
});

/** Sampler `top-k`: the k most likely tokens, and those equal to the k-th. */
export const topKPart = Sampler.part({
  name: 'top-k',
  version: 1,
  options: z.strictObject({
    k: z
      .int()
      .positive()
      .default(50)
      .describe('How many of the most likely tokens stay; equals of the last one stay too.'),
  }),
  make:
    ({ k }) =>
    (logits) =>
      topK(logits, k),
});

/** Sampler `top-p`: the smallest set of most likely tokens that holds the probability p. */
export const topPPart = Sampler.part({
  name: 'top-p',
  version: 1,
  options: z.strictObject({
    p: z
      .number()
      .min(0)
      .max(1)
      .default(0.9)
      .describe('The probability that the tokens that stay hold together; 1 removes nothing.'),
  }),
  make:
    ({ p }) =>
    (logits) =>
      topP(logits, p),
});
