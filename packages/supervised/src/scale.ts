// How large a pretraining run is, and the refusals of what cannot run, before anything is allocated.
import { IngotError } from '@ingot/core';
import type { DesignValue, TokensValue } from '@ingot/contracts';
import type { PretrainOptions } from './options.js';

/** Sizes that follow from options and design. */
export interface Scale {
  /** Optimiser steps. */
  readonly steps: number;
  /** Tokens of a row. */
  readonly length: number;
  /** Rows of a step, over all micro-batches. */
  readonly rows: number;
  /** Tokens of a step. */
  readonly tokensPerStep: number;
}
type Sizes = Pick<PretrainOptions, 'steps' | 'tokens' | 'batch' | 'accumulation' | 'length'>;

/**
 * Sizes of a run.
 * @throws IngotError `bad-options` when steps and tokens are both given, or rows are longer than the context.
 */
export function scaleOf(options: Sizes, design: Pick<DesignValue, 'context'>): Scale {
  const { batch, accumulation } = options;
  const length = options.length ?? design.context;
  if (options.steps !== undefined && options.tokens !== undefined)
    throw new IngotError(
      'bad-options',
      `The stage 'pretrain' was given both steps ${options.steps} and tokens ${options.tokens}. Leave one out: each fixes the other.`,
    );
  if (length > design.context)
    throw new IngotError(
      'bad-options',
      `The stage 'pretrain' was given length ${length}, but the design's context is ${design.context} tokens. Give at most ${design.context}, or a design with a longer context.`,
    );
  const rows = batch * accumulation;
  const tokensPerStep = rows * length;
  const steps = options.steps ?? (options.tokens === undefined ? 1000 : Math.ceil(options.tokens / tokensPerStep));
  return { steps, length, rows, tokensPerStep };
}

/**
 * Refuses a step to replay that the run does not have.
 * @throws IngotError `bad-input`.
 */
export function checkReplay(step: number | undefined, { steps }: Scale): void {
  if (step !== undefined && step > steps)
    throw new IngotError(
      'bad-input',
      `The stage 'pretrain' has ${steps} steps, and was asked to replay step ${step}. Ask for one of 1 to ${steps}.`,
    );
}

/**
 * Refuses tokens that do not belong to the design, or are too few for one step.
 * @throws IngotError `bad-wiring` for another tokenizer, `bad-input` for too little text, `bad-options` for `best` without validation text.
 */
export function checkTokens(
  tokens: TokensValue,
  design: DesignValue,
  { length, rows, tokensPerStep }: Scale,
  options: Pick<PretrainOptions, 'order' | 'keep'>,
): void {
  if (tokens.tokenizer !== design.tokenizer.digest)
    throw new IngotError(
      'bad-wiring',
      `The stage 'pretrain' was given tokens of tokenizer ${tokens.tokenizer.slice(0, 12)} and a design for tokenizer ${design.tokenizer.digest.slice(0, 12)}. Pack the text with the tokenizer that the design was made for.`,
    );
  if (tokens.vocabSize > design.vocabSize)
    throw new IngotError(
      'bad-wiring',
      `The stage 'pretrain' was given tokens of ${tokens.vocabSize} ids and a design with only ${design.vocabSize} rows.`,
    );
  const { train, validation } = tokens.splits;
  const wanted = options.order === 'random' ? length + 1 : tokensPerStep + 1;
  if (train.tokens < wanted)
    throw new IngotError(
      'bad-input',
      `The training split holds ${train.tokens} tokens, but one step of ${options.order === 'random' ? 1 : rows} rows of ${length} wants ${wanted}. Give more text, or a smaller batch, accumulation or length.`,
    );
  if (options.keep === 'best' && validation.tokens < 2)
    throw new IngotError(
      'bad-options',
      `The stage 'pretrain' was asked to keep the best weights, but there is no validation text to tell them by. Keep 'last', or split off some validation text.`,
    );
}
