// The options of losses that take transformed pairs: LD-DPO's α, and the divergence where the loss reads only margins.
import type { PreferenceBatch } from '@ingot/contracts';
import * as z from 'zod';
import { divergences, withDivergence } from './divergence.js';
import { lengthDesensitised } from './length-desensitised.js';

/** For losses of log-ratios. */
export const lengthShape = {
  ldAlpha: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('LD-DPO: weight of tokens beyond the shared length of a pair; TRL: none, which is 1.'),
};
/** For losses of the margin between two scores. */
export const marginShape = {
  ...lengthShape,
  divergence: z.enum(divergences).default('reverse-kl').describe('f-DPO: what keeps the policy near; TRL: reverse-kl.'),
  divergenceAlpha: z.number().default(0.5).describe("Coefficient of the divergence 'alpha'; TRL: 0.5."),
};

interface Chosen {
  readonly ldAlpha?: number | undefined;
  readonly divergence?: (typeof divergences)[number];
  readonly divergenceAlpha?: number;
}
/** The pairs as the options want them: first the tails, then the divergence, as in TRL. Throws `bad-batch`. */
export function transformed(batch: PreferenceBatch, options: Chosen): PreferenceBatch {
  const { ldAlpha, divergence = 'reverse-kl', divergenceAlpha } = options;
  const shorter = ldAlpha === undefined || ldAlpha === 1 ? batch : lengthDesensitised(batch, ldAlpha);
  return withDivergence(shorter, divergence, divergenceAlpha);
}
