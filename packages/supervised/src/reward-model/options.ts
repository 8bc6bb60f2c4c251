// What the reward model's stage can be asked for.
import { fineTuneOptions, fineTuneView, trainableOptions } from '@ingot/training';
import * as z from 'zod';

/** Options of `reward-model`: all of them are in the key. Learning rate and centring as TRL's RewardTrainer advises. */
export const rewardModelOptions = z.strictObject({
  ...fineTuneOptions({ lr: 1e-4 }),
  ...trainableOptions,
  maxTokens: z
    .int()
    .min(4)
    .exactOptional()
    .describe("the most tokens of prompt and answer; the model's context unless said"),
  packing: z
    .enum(['best-fit', 'none'])
    .default('best-fit')
    .describe("'best-fit' puts several answers into a row, which attend to themselves alone"),
  pairs: z
    .enum(['all', 'best-worst'])
    .default('all')
    .describe('of K ranked answers: all C(K, 2) pairs, their mean counting as one (InstructGPT), or the ends alone'),
  margins: z
    .boolean()
    .default(true)
    .describe('rows that say how much better the first is (`margin`) want that distance'),
  targets: z
    .enum(['sides', 'scores'])
    .default('sides')
    .describe(
      "what a pair wants: that its better side wins, or, where the two scores are probabilities, that it wins so probably (soft labels, as 'ai-feedback' gives them)",
    ),
  centring: z.number().min(0).default(0.01).describe('c of c·(r_w + r_l)², which holds the scores around zero'),
  dropout: z.boolean().default(false).describe("drop at the design's rate"),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of prompts kept for evaluation where no validation is wired'),
  evalRows: z
    .int()
    .positive()
    .default(128)
    .describe('the most held-out rows read at each evaluation; the last reads all'),
  lengthShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe('a tripwire: length could account for more than this share of the held-out margins'),
  lengthAction: z.enum(['warn', 'stop']).default('warn').describe('what that tripwire does'),
});
/** View of `reward-model`. */
export const rewardModelView = z.strictObject(fineTuneView);
/** Parsed options. */
export type RewardModelOptions = z.output<typeof rewardModelOptions>;
