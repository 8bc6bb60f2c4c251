// Log-probabilities of sequences from a given token on, packed and without padding: what preference losses and policy gradients are made of.
import { IngotError } from '@ingot/core';
import { concat, embedding, neg, scope, sum, tensor, zeros, type Tensor } from '@ingot/tensor';
import type { LiveModel } from '@ingot/contracts';
import type { RowsHow } from './pack.js';
import { packedBatch } from './packed-batch.js';
import { tokenLosses, type RowsContext } from './token-losses.js';

/** Tokens of which those from `from` on are scored (a prompt and its completion: `from` is the prompt's length). */
export interface ScoredSequence {
  readonly ids: Int32Array;
  /** At least 1: the first token has nothing before it. */
  readonly from: number;
}

/** Log-probabilities in nats, with gradient unless inside of `noGrad`. */
export interface SequenceLogProbabilities {
  /** log π of every scored token, sequence after sequence, (N). */
  readonly tokens: Tensor;
  /** Σ log π over each sequence's scored tokens, (S). */
  readonly sums: Tensor;
  /** Scored tokens of each sequence, (S); Σ is N. */
  readonly lengths: Int32Array;
}

/**
 * log π(ids[t] | ids[0 … t − 1]) for t from `from` on, of S sequences. The layout changes nothing but the order of float sums:
 * packed (as it is unless said), padded to the right or to the left.
 * @throws IngotError `bad-input` for a sequence without anything to score, or longer than `capacity` + 1.
 */
export function sequenceLogProbabilities(
  live: LiveModel,
  sequences: readonly ScoredSequence[],
  how: RowsHow & RowsContext = {},
): SequenceLogProbabilities {
  const { packing, capacity, limit = live.design.context, side, ...context } = how;
  const rows: RowsHow = {
    limit,
    ...(packing === undefined ? {} : { packing }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(side === undefined ? {} : { side }),
  };
  sequences.forEach(check);
  const batch = packedBatch(
    sequences.map(({ ids, from }) => ({ ids, weights: Float32Array.from(ids, (_, i) => (i >= from ? 1 : 0)) })),
    rows,
  );
  return scope(() => {
    const tokens = neg(tokenLosses(live, batch, context)); // (N)
    return { tokens, sums: sum(padTokens(tokens, batch.counts), 1), lengths: batch.counts };
  });
}

function check({ ids, from }: ScoredSequence, s: number): void {
  if (from >= 1 && from < ids.length) return;
  throw new IngotError(
    'bad-input',
    `Sequence ${s} has ${ids.length} tokens and is scored from token ${from} on. Wanted a start from 1 to ${ids.length - 1}: a completion of one token or more, after a prompt of one or more.`,
  );
}

/** Tokens of sequences that follow one another, (N), as one row a sequence with zeros behind it: (S, T), T the longest. Gradients flow back. */
export function padTokens(tokens: Tensor, lengths: ArrayLike<number>): Tensor {
  const counts = Array.from(lengths);
  const width = Math.max(1, ...counts);
  const count = tokens.size;
  // Place `count` of the table is a zero.
  const places = new Int32Array(counts.length * width).fill(count);
  let at = 0;
  counts.forEach((length, s) => {
    for (let t = 0; t < length; t++) places[s * width + t] = at++;
  });
  return scope(() => {
    const table = concat([tokens.reshape([count, 1]), zeros(tokens.device, [1, 1])], 0);
    return embedding(table, tensor(tokens.device, places, [counts.length, width], 'i32')).reshape([
      counts.length,
      width,
    ]);
  });
}
