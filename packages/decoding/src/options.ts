// What generation is asked for, checked once, with defaults.
import type { SamplerFunction } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import type { OpenModel } from './open-model.js';
import type { TokenBytes } from './text-stream.js';

export interface GenerateOptions {
  /** Token ids of each prompt; at least one id each. Lengths may differ. */
  readonly prompts: readonly (readonly number[])[];
  /** The most tokens to generate for each prompt. */
  readonly tokens: number;
  /** Applied in order to each row of logits before the draw; none: a draw from the model's own distribution. */
  readonly samplers?: readonly SamplerFunction[];
  /** A whole number from 0 to 2^53 − 1; 0 unless said. */
  readonly seed?: number;
  /** Numbers that name the sequences in the draw, 0, 1, … unless said: the same number gives the same sample in any batch. */
  readonly sequences?: readonly number[];
  /** Text of tokens, for streaming and stop strings. */
  readonly bytes?: TokenBytes;
  /** Generation ends when one of these is complete; it is not part of the text. */
  readonly stop?: readonly string[];
  /** This token ends a sequence; it is part of the ids and not of the text. */
  readonly endOfText?: number;
  /**
   * Whether each token comes with its log-probability (on unless said); costs one more row of the head each. 'at-end': the sequence's `end` has
   * them and its tokens have not, from one pass of the head over all of them: the same numbers on a row-invariant device, for less.
   */
  readonly logProbabilities?: boolean | 'at-end';
  /** The name of a linear layer of one output, such as a critic's head: the `end` has its number at the place before each token. */
  readonly value?: string;
  /**
   * What happens when the context is full. 'stop' (unless said): the sequence ends with `context`. 'slide': the newest `keep` tokens are
   * read again from position 0, because absolute positions cannot be shifted in the cache; older ones are forgotten.
   */
  readonly atContextEnd?: 'stop' | 'slide';
  /** Tokens that a slide keeps; half of the context unless said. */
  readonly keep?: number;
  /** The most sequences at work at once; 16 unless said. Changes memory and speed, never a result on a row-invariant device. */
  readonly batch?: number;
  /** The most prompt tokens of a sequence that one call reads; 512 unless said. */
  readonly prefill?: number;
  readonly signal?: AbortSignal;
}

type Optional = 'bytes' | 'endOfText' | 'signal' | 'value';
export type Request = Required<Omit<GenerateOptions, Optional>> & Pick<GenerateOptions, Optional>;

const refuse = (what: string, wanted: string, got: unknown, advice = ''): never => {
  throw new IngotError(
    'bad-options',
    `Generation, ${what}: wanted ${wanted}, got ${String(got)}.${advice ? ` ${advice}` : ''}`,
  );
};
const wholeNumber = (what: string, value: number, low: number, high = Number.MAX_SAFE_INTEGER): void => {
  if (!Number.isSafeInteger(value) || value < low || value > high)
    refuse(
      what,
      high === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${low}` : `a whole number from ${low} to ${high}`,
      value,
    );
};

/** Throws `bad-options` unless every id is in the vocabulary. */
export function checkIds(what: string, ids: ArrayLike<number>, vocabSize: number): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id === undefined || !Number.isInteger(id) || id < 0 || id >= vocabSize)
      refuse(
        `${what}, token ${i}`,
        `an id from 0 to ${vocabSize - 1}`,
        id,
        'Was it encoded with the tokenizer of this model?',
      );
  }
}

/** The request with defaults; throws `bad-options` with what was wanted and got. */
export function checkRequest({ design }: OpenModel, options: GenerateOptions): Request {
  const request: Request = {
    samplers: [],
    seed: 0,
    stop: [],
    logProbabilities: true,
    atContextEnd: 'stop',
    batch: 16,
    prefill: 512,
    keep: Math.max(1, Math.floor(design.context / 2)),
    sequences: options.prompts.map((_, i) => i),
    ...options,
  };
  wholeNumber('tokens', request.tokens, 1);
  wholeNumber('seed', request.seed, 0);
  wholeNumber('batch', request.batch, 1);
  wholeNumber('prefill', request.prefill, 1);
  wholeNumber('keep', request.keep, 1, design.context);
  if (request.stop.length > 0 && !request.bytes)
    refuse('stop', 'the text of tokens (`bytes`) beside stop strings', 'none');
  if (request.stop.includes('')) refuse('stop', 'stop strings of at least one character', "''");
  if (request.sequences.length !== request.prompts.length)
    refuse('sequences', `${request.prompts.length} numbers, one for each prompt`, request.sequences.length);
  for (const sequence of request.sequences) wholeNumber('sequences', sequence, 0, 2 ** 32 - 1);
  for (const [i, prompt] of request.prompts.entries()) {
    const what = `prompt ${i}`;
    if (prompt.length === 0)
      refuse(what, 'at least one token', 'none', 'Start an empty prompt with the end-of-text token.');
    if (request.atContextEnd === 'stop' && prompt.length > design.context)
      refuse(
        what,
        `at most ${design.context} tokens, the model's context`,
        prompt.length,
        "Shorten it, or let the context slide (atContextEnd: 'slide').",
      );
    checkIds(what, prompt, design.vocabSize);
  }
  return request;
}
