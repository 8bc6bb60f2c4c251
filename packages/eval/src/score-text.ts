// What `ingot score` prints: how likely a model finds a text.
import type { EvaluatedModel } from '@ingot/contracts';
import { IngotError } from '@ingot/core';

export interface TextScore {
  /** Tokens that were scored; the first is among them where the tokenizer has an end-of-text token to stand before it. */
  readonly tokens: number;
  /** −Σ log p of these tokens, in nats. */
  readonly nll: number;
  /** exp(nll / tokens). */
  readonly perplexity: number;
  /** nll / (bytes · ln 2), a first token that nothing stands before charged as a uniform draw. */
  readonly bitsPerByte: number;
  /** UTF-8 bytes. */
  readonly bytes: number;
}

/** The score of documents together, each from its own beginning. Throws `bad-input` when no token can be scored. */
export async function scoreText(
  model: EvaluatedModel,
  documents: readonly string[],
  signal?: AbortSignal,
): Promise<TextScore> {
  let [tokens, nll, charged, bytes] = [0, 0, 0, 0];
  for (const one of await model.rollingLogLikelihood(documents, signal)) {
    tokens += one.tokens;
    nll -= one.logProbability;
    charged += one.start ?? 0;
    bytes += one.bytes;
  }
  if (tokens === 0)
    throw new IngotError(
      'bad-input',
      `Scoring: wanted text of two tokens at least, got ${bytes} bytes in ${documents.length} documents. Give a longer text.`,
    );
  return { tokens, nll, perplexity: Math.exp(nll / tokens), bitsPerByte: (nll + charged) / (bytes * Math.LN2), bytes };
}
