// The GPT-2 family's own configuration: everything that fixes its parameters and its function, nothing derived.
import * as z from 'zod';
import { IngotError } from '@ingot/core';
import type { DesignValue } from '@ingot/contracts';

/** A GPT: Radford et al. 2019 ("Language models are unsupervised multitask learners"), pre-norm, learned positions. */
export const gptConfigSchema = z.strictObject({
  /** Blocks, L. */
  layers: z.int().positive(),
  /** Attention heads, H; the width is a multiple of it. */
  heads: z.int().positive(),
  /** Features of the residual stream, C. */
  width: z.int().positive(),
  /** Features inside the MLP; 4·C in every published GPT-2. */
  hidden: z.int().positive(),
  /** The longest sequence, T: rows of the position table. */
  context: z.int().positive(),
  /** Rows of the token table, V; more than the tokenizer has ids when it is padded. */
  vocabSize: z.int().positive(),
  /** Biases in linear layers and norms. */
  bias: z.boolean(),
  /** The head shares the token table. */
  tied: z.boolean(),
  /** Rate after the embedding and after each residual projection, in training only. */
  dropout: z.number().min(0).lt(1),
  /** Exact (erf, the course page) or the tanh approximation (GPT-2's gelu_new). */
  gelu: z.enum(['erf', 'tanh']),
  /** Of the layer norms. */
  epsilon: z.number().positive(),
  /** Standard deviation of initial matrices and tables. */
  initStd: z.number().positive(),
  /** Initial residual projections are scaled by 1/√(2L), as GPT-2 and nanoGPT do; the course page does not. */
  residualScaling: z.boolean(),
});
/** The parsed configuration of a GPT. */
export type GptConfig = Readonly<z.output<typeof gptConfigSchema>>;

/**
 * Says what makes a configuration impossible, in one line; undefined when it is sound.
 * The dropout rule keeps masks independent of the split into micro-batches: they are counted in blocks of four numbers a row.
 */
export function configProblem(config: GptConfig): string | undefined {
  if (config.width % config.heads !== 0)
    return `width ${config.width} must be a multiple of heads ${config.heads}: try width ${Math.ceil(config.width / config.heads) * config.heads}`;
  if (config.dropout > 0 && config.width % 4 !== 0)
    return `dropout wants a width that is a multiple of 4, got ${config.width}: try ${Math.ceil(config.width / 4) * 4}, or dropout 0`;
  return undefined;
}

const parsed = new WeakMap<DesignValue, GptConfig>();

/**
 * The configuration inside a design, checked once per design.
 * @throws IngotError `bad-options` when the design is not a GPT's or its configuration is broken.
 */
export function configOf(design: DesignValue): GptConfig {
  const known = parsed.get(design);
  if (known) return known;
  if (design.family !== 'gpt')
    throw new IngotError('bad-options', `The family 'gpt' was given a design of family '${design.family}'.`);
  const result = gptConfigSchema.safeParse(design.config);
  if (!result.success)
    throw new IngotError(
      'bad-options',
      `The configuration of this 'gpt' design is broken:\n${z.prettifyError(result.error)}`,
    );
  const problem = configProblem(result.data);
  if (problem)
    throw new IngotError('bad-options', `The configuration of this 'gpt' design does not fit together: ${problem}.`);
  parsed.set(design, result.data);
  return result.data;
}
