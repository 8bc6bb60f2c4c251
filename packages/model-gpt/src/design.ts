// From options to a design: a preset or the depth dial, then whatever was set by hand.
import * as z from 'zod';
import { IngotError } from '@ingot/core';
import type { DesignValue, TokenizerValue } from '@ingot/contracts';
import { configProblem, gptConfigSchema, type GptConfig } from './config.js';
import { fromDepth } from './depth.js';
import { presetNames, presets } from './presets.js';

const field = gptConfigSchema.shape;

/** Options of the stage `gpt`: one dial or one preset, and every derived value may be set. */
export const gptOptions = z.strictObject({
  depth: z
    .int()
    .min(1)
    .max(96)
    .optional()
    .describe('blocks; derives width (64 a block), heads and context. 4 when neither depth nor preset is given'),
  preset: z
    .enum(presetNames)
    .optional()
    .describe("a published shape instead of the dial; the vocabulary is the tokenizer's"),
  layers: field.layers.optional().describe('blocks'),
  heads: field.heads.optional().describe('attention heads; the width is a multiple of it'),
  width: field.width.optional().describe('features of the residual stream'),
  hidden: field.hidden.optional().describe('features inside the MLP; 4 times the width'),
  context: field.context.optional().describe('longest sequence in tokens'),
  vocabMultiple: z
    .int()
    .positive()
    .default(1)
    .describe('pads the token table to a multiple of this (GPT-2 runs use 64: 50257 becomes 50304)'),
  bias: field.bias.optional().describe('biases in linear layers and norms; true'),
  tied: field.tied.optional().describe('the head shares the token table; true'),
  dropout: field.dropout.optional().describe('rate in training; 0'),
  gelu: field.gelu.optional().describe("'tanh' as GPT-2, 'erf' exact as the course page"),
  epsilon: field.epsilon.optional().describe('of the layer norms; 1e-5'),
  initStd: field.initStd.optional().describe('standard deviation of initial matrices; 0.02'),
  residualScaling: field.residualScaling
    .optional()
    .describe('initial residual projections scaled by 1/√(2·layers); true'),
});
/** Parsed options of the stage `gpt`. */
export type GptOptions = z.output<typeof gptOptions>;

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

/**
 * The configuration that options ask for, over a vocabulary of `tokens` ids.
 * @throws IngotError `bad-options` when depth and preset are both given, or the values do not fit together.
 */
export function gptConfig(options: z.input<typeof gptOptions>, tokens: number): GptConfig {
  const { depth, preset, vocabMultiple = 1, ...set } = options;
  if (depth !== undefined && preset !== undefined)
    throw new IngotError(
      'bad-options',
      `The stage 'gpt' was given both depth ${depth} and preset '${preset}'. Leave one out: a preset fixes its own depth.`,
    );
  const base = preset === undefined ? fromDepth(depth ?? set.layers ?? 4) : presets[preset];
  // A derived value follows what was set: the MLP is 4 times the width that was asked for.
  const width = set.width ?? base.width;
  const config: GptConfig = {
    ...base,
    hidden: 4 * width,
    ...given(set),
    vocabSize: Math.ceil(tokens / vocabMultiple) * vocabMultiple,
  };
  const problem = configProblem(config);
  if (problem) throw new IngotError('bad-options', `The options of 'gpt' do not fit together: ${problem}.`);
  return config;
}

/** A design of the family `gpt` for a tokenizer: configuration only, no weights. Throws as `gptConfig` does. */
export function gptDesign(options: z.input<typeof gptOptions>, tokenizer: TokenizerValue): DesignValue {
  const config = gptConfig(options, tokenizer.vocabSize);
  return { family: 'gpt', version: 1, config, vocabSize: config.vocabSize, context: config.context, tokenizer };
}
