// Batches of preferences: made from log-probabilities token by token, and cut into micro-batches.
import type { BatchStatistics, Completions, PreferenceBatch } from '@ingot/contracts';
import { mul, slice, sum, tensor, type Tensor } from '@ingot/tensor';
import { refuse } from './refuse.js';

/** Log-probabilities of completions token by token: (N, T), from the first token of the completion on, anything after its length. */
export interface TokenScores {
  readonly policy: Tensor;
  readonly reference?: Tensor;
  readonly lengths: ArrayLike<number>;
}

/** 1 for the tokens from `from` up to `to` of each row, (N, T). */
function mask(like: Tensor, from: (row: number) => number, to: (row: number) => number): Tensor {
  const [rows = 0, width = 0] = like.shape;
  const ones = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) ones.fill(1, row * width + Math.min(from(row), to(row)), row * width + to(row));
  return tensor(like.device, ones, like.shape);
}

function summed(side: TokenScores, other: ArrayLike<number>): Completions {
  const { policy, reference, lengths } = side;
  const [rows, width, ...more] = policy.shape;
  if (rows !== lengths.length || rows !== other.length || width === undefined || more.length > 0)
    throw refuse(
      'pairFromTokens',
      `a policy (N, T) with N lengths on both sides`,
      `(${policy.shape}) with ${lengths.length} and ${other.length} lengths`,
    );
  for (const length of Array.from(lengths))
    if (!Number.isInteger(length) || length < 1 || length > width)
      throw refuse('pairFromTokens', `lengths from 1 to ${width}`, String(length));
  const length = (row: number): number => lengths[row] ?? 0;
  const whole = mask(policy, () => 0, length);
  const beyond = mask(policy, (row) => other[row] ?? 0, length);
  const over = (scores: Tensor, on: Tensor): Tensor => sum(mul(scores, on), 1);
  return {
    policy: over(policy, whole),
    lengths,
    tail: { policy: over(policy, beyond), ...(reference && { reference: over(reference, beyond) }) },
    ...(reference && { reference: over(reference, whole) }),
  };
}

/** A batch of pairs from log-probabilities token by token: sums, lengths, and the tails that length-desensitised losses need. Throws `bad-batch`. */
export function pairFromTokens(chosen: TokenScores, rejected: TokenScores): PreferenceBatch {
  return { chosen: summed(chosen, rejected.lengths), rejected: summed(rejected, chosen.lengths) };
}

const cut = (x: Tensor, start: number, count: number): Tensor => slice(x, [start], [count]);

function rowsOf(side: Completions, start: number, count: number): Completions {
  const rows = (x: Tensor): Tensor => cut(x, start, count);
  const numbers = (x: ArrayLike<number>): number[] => Array.from(x).slice(start, start + count);
  const { policy, reference, lengths, tail, supervised } = side;
  return {
    policy: rows(policy),
    lengths: numbers(lengths),
    ...(reference && { reference: rows(reference) }),
    ...(tail && {
      tail: { policy: rows(tail.policy), ...(tail.reference && { reference: rows(tail.reference) }) },
    }),
    ...(supervised && { supervised: { policy: rows(supervised.policy), lengths: numbers(supervised.lengths) } }),
  };
}

/** Rows start … start + count − 1 of a batch of pairs; gradients flow back into the whole. Mismatched completions stay with the whole. */
export function microBatch(whole: PreferenceBatch, start: number, count: number): PreferenceBatch {
  return { chosen: rowsOf(whole.chosen, start, count), rejected: rowsOf(whole.rejected, start, count) };
}

/** What the whole batch's statistics say of rows start … start + count − 1: numbers hold for all, arrays are cut. */
export function microStatistics<S extends BatchStatistics>(whole: S, start: number, count: number): S {
  const rows = Object.entries(whole).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : value.slice(start, start + count),
  ]);
  return Object.fromEntries(rows) as S;
}
