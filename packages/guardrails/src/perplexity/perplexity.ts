// How surprising a prompt is to a language model, whole and at its ends. NeMo Guardrails' jailbreak heuristics; Alon and Kamfonas 2023; Jain et al. 2023.
import { IngotError } from '@ingot/core';
import { logProbabilities, type OpenModel } from '@ingot/decoding';
import { loadTokenizer } from '@ingot/text';

/** Of one text. Perplexities are exp of the mean of −log p a token, and 1 where there is no token to score. */
export interface Perplexity {
  readonly whole: number;
  /** Of the first and of the last words, each read on its own. */
  readonly prefix: number;
  readonly suffix: number;
  /** Characters for each unit of perplexity: large for a long text that says nothing new, as told jailbreaks are. */
  readonly lengthPerPerplexity: number;
}
/** Words at an end that are looked at, as NeMo Guardrails does. */
export const END_WORDS = 20;

/** Start and end of the first and of the last words, in UTF-16 code units; the whole where there are no more. */
export const ends = (
  text: string,
  words: number,
): { readonly prefix: readonly [number, number]; readonly suffix: readonly [number, number] } => {
  const found = [...text.matchAll(/\S+/gu)];
  const last = found[Math.min(words, found.length) - 1];
  const first = found[Math.max(0, found.length - words)];
  return {
    prefix: [0, last ? last.index + last[0].length : 0],
    suffix: [first ? first.index : 0, text.length],
  };
};

/** What a model thinks of texts; the first token is read after the end-of-text token where the tokenizer has one. Throws `bad-input` for a tokenizer that cannot spell a text. */
export const perplexityReader = (model: OpenModel, words = END_WORDS): ((text: string) => Perplexity) => {
  const tokenizer = loadTokenizer(model.design.tokenizer);
  const start = tokenizer.endOfText;
  const of = (text: string): number => {
    const ids = [...(start === undefined ? [] : [start]), ...tokenizer.encode(text)];
    if (ids.length < 2) return 1;
    const scores = logProbabilities(model, ids);
    const value = Math.exp(-scores.reduce((sum, one) => sum + one, 0) / scores.length);
    if (!Number.isNaN(value)) return value;
    throw new IngotError('bad-numbers', 'The perplexity of a text is NaN: the model that reads it is broken.');
  };
  return (text) => {
    const { prefix, suffix } = ends(text, words);
    const whole = of(text);
    return {
      whole,
      prefix: of(text.slice(...prefix)),
      suffix: of(text.slice(...suffix)),
      lengthPerPerplexity: text.length / whole,
    };
  };
};

/** A threshold that at most this share of the values of harmless texts lies above: no more than `share` of them are false alarms. Throws `bad-input` without values. */
export const limitFrom = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => b - a);
  const limit = sorted[Math.floor(share * sorted.length)];
  if (limit === undefined) throw new IngotError('bad-input', 'A limit wants values of harmless texts, got none.');
  return limit;
};
