// What stays of a row that is too long: a prompt loses its beginning, then a completion its end.
import { IngotError } from '@ingot/core';

/** A begin-of-text, one token to go on from, and something to learn. */
const LEAST = 4;

export interface Fit {
  /** Tokens of the prompt that stay. */
  readonly promptLength: number;
  readonly truncated: boolean;
  /** The part that stays of numbers that belong to the tokens. */
  cut<Numbers extends Int32Array | Float32Array>(numbers: Numbers): Numbers;
}

/**
 * Fits `length` tokens, of which the first `promptLength` are the prompt, into `maxTokens`. At least the prompt's last token stays, and before it the begin-of-text where there is one.
 * Throws 'bad-options' when `maxTokens` is no whole number of at least 4.
 */
export const fit = (length: number, promptLength: number, maxTokens: number, begins: boolean): Fit => {
  if (!Number.isInteger(maxTokens) || maxTokens < LEAST)
    throw new IngotError('bad-options', `maxTokens wants a whole number of at least ${LEAST}, got ${maxTokens}.`);
  const least = Math.min(promptLength, begins ? 2 : 1);
  const kept = Math.min(promptLength, Math.max(least, maxTokens - (length - promptLength)));
  const end = Math.min(length, promptLength + maxTokens - kept);
  const first = begins && kept < promptLength ? 1 : 0;
  const from = promptLength - kept + first;
  return {
    promptLength: kept,
    truncated: length > maxTokens,
    cut: (numbers) => {
      const rest = numbers.slice(from, end) as typeof numbers;
      if (first === 0) return rest;
      const both = numbers.slice(0, first + rest.length) as typeof numbers;
      both.set(rest, first);
      return both;
    },
  };
};
