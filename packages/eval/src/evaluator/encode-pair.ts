// A context and its continuation as token ids, split as EleutherAI's lm-evaluation-harness splits them (`_encode_pair`).
import { IngotError } from '@ingot/core';
import type { Tokenizer } from '@ingot/text';

export type Encoder = Pick<Tokenizer, 'encode' | 'bytes' | 'endOfText' | 'vocabSize'>;

export interface EncodedPair {
  /** What stands before the continuation; empty only when there is no context and no end-of-text token. */
  readonly context: Int32Array;
  /** What is scored; one token at least. */
  readonly continuation: Int32Array;
}

/**
 * Spaces at the end of the context move to the continuation, because tokens begin with a space rather than end in one. Then the whole is
 * encoded once and split after as many tokens as the context alone has. Should the border vanish in one token that swallows all of the
 * continuation, the two are encoded apart. An empty context is the end-of-text token, where there is one. Throws `bad-input` for an empty continuation.
 */
export function encodePair(tokenizer: Encoder, context: string, continuation: string): EncodedPair {
  if (continuation === '')
    throw new IngotError(
      'bad-input',
      `Log-likelihood after ${JSON.stringify(context.slice(-40))}: wanted a continuation of at least one character, got none.`,
    );
  if (context === '') {
    const { endOfText } = tokenizer;
    return {
      context: endOfText === undefined ? new Int32Array() : Int32Array.of(endOfText),
      continuation: tokenizer.encode(continuation),
    };
  }
  const kept = context.trimEnd();
  if (kept === '') return encodePair(tokenizer, '', context + continuation);
  const moved = context.slice(kept.length) + continuation;
  const before = tokenizer.encode(kept);
  const whole = tokenizer.encode(kept + moved);
  return whole.length > before.length
    ? { context: whole.subarray(0, before.length), continuation: whole.subarray(before.length) }
    : { context: before, continuation: tokenizer.encode(moved) };
}
