// What supervised tuning can be asked for: options change the model, the view does not.
import { chatFormats, type ChatFormatName } from '@ingot/text';
import { fineTuneOptions, fineTuneView, trainableOptions } from '@ingot/training';
import * as z from 'zod';

const formatNames = Object.keys(chatFormats) as [ChatFormatName, ...ChatFormatName[]];
/** A chat format by name, or one of the user's own. */
export const templateOption = z
  .union([
    z.enum(formatNames),
    z.strictObject({
      name: z.string().min(1),
      template: z.string().min(1).describe('Jinja, as chat_template of tokenizer_config.json'),
      endOfTurn: z.string().min(1),
      beginOfText: z.string().min(1).exactOptional(),
    }),
  ])
  .exactOptional()
  .describe(
    "how conversations are spelt: the model's own unless said, and no other than that; a base model gets chatml where its tokenizer has the control tokens, else none: prompts and completions only",
  );

/** Options of `sft`: all of them are in the key. */
export const sftOptions = z.strictObject({
  ...fineTuneOptions({ lr: 2e-5 }),
  ...trainableOptions,
  maxTokens: z.int().min(4).exactOptional().describe("the most tokens of an example; the model's context unless said"),
  packing: z
    .enum(['best-fit', 'none'])
    .default('best-fit')
    .describe("'best-fit' puts several examples into a row, which attend to themselves alone; 'none' gives each a row"),
  loss: z
    .enum(['nll', 'dft'])
    .default('nll')
    .describe("'dft' weighs each token's loss by its probability (dynamic fine-tuning)"),
  smoothing: z.number().min(0).lt(1).default(0).describe('share of each target that is spread over the vocabulary'),
  neftune: z.number().min(0).default(0).describe('alpha of the noise on embeddings in training; NEFTune takes 5'),
  dropout: z.boolean().default(true).describe("drop at the design's rate"),
  template: templateOption,
  mixShare: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.15)
    .describe('share of a step that comes from the port `mix`: 0.1 to 0.2 keeps what pretraining taught'),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe('share of the examples kept for evaluation where no validation is wired'),
  evalRows: z.int().positive().default(64).describe('the most held-out examples read at each evaluation'),
  badRows: z
    .enum(['refuse', 'leave-out'])
    .default('refuse')
    .describe('what happens to rows that cannot be learnt from: empty, without an answer, all masked'),
});
/** View of `sft`: logging, checkpoints, answers to read. Never in the key. */
export const sftView = z.strictObject({
  ...fineTuneView,
  samples: z.int().min(0).default(8).describe('prompts answered after training, for the report on degeneration'),
  sampleTokens: z.int().positive().default(64).describe('the most tokens of such an answer'),
  sampleTemperature: z.number().positive().default(0.8).describe('of the drawn answers, beside the greedy ones'),
});
/** Parsed options. */
export type SftOptions = z.output<typeof sftOptions>;
/** Parsed view. */
export type SftView = z.output<typeof sftView>;
