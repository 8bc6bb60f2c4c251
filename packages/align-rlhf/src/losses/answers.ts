// What a policy loss reads: log-probabilities of the tokens of sampled answers, answer after answer, and how good each was.
import { IngotError } from '@ingot/core';
import { sub, tensor, type Device, type Tensor } from '@ingot/tensor';
import { padTokens } from '@ingot/training';
import { perToken } from '../estimators/sequences.js';

/** S answers of N tokens in all. */
export interface AnswerBatch {
  /** log π of every token, (N), with gradient. */
  readonly policy: Tensor;
  /** Tokens of each answer, (S). */
  readonly lengths: ArrayLike<number>;
  /** log π of the policy that sampled them, (N); `policy` itself, held still, unless given. */
  readonly old?: ArrayLike<number>;
  /** log π_ref, (N): read where the loss has a KL term. */
  readonly reference?: ArrayLike<number>;
  /** One advantage an answer (S), or one a token (N). */
  readonly advantages: ArrayLike<number>;
  /** How much each answer counts, (S), 1 unless said: its probability, where the batch is the population. */
  readonly weights?: ArrayLike<number>;
}

/** The batch as rows, a row an answer, zeros behind it. */
export interface AnswerRows {
  readonly device: Device;
  /** Answers, and tokens of the longest. */
  readonly rows: number;
  readonly width: number;
  readonly lengths: readonly number[];
  readonly weights: readonly number[];
  /** log π, (S, T), with gradient. */
  readonly policy: Tensor;
  /** log π − log π_old, (S, T), with gradient; and its numbers. */
  readonly logRatio: Tensor;
  readonly logRatios: Float64Array;
  /** (S, T). */
  readonly advantages: Float64Array;
  readonly reference: Tensor | undefined;
}

/** Host numbers of tokens as rows: (N) -> (S · T), zeros behind each. */
export function padHost(tokens: ArrayLike<number>, lengths: readonly number[], width: number): Float64Array {
  const rows = new Float64Array(lengths.length * width);
  let at = 0;
  lengths.forEach((length, s) => {
    for (let t = 0; t < length; t++) rows[s * width + t] = tokens[at++]!;
  });
  return rows;
}

/** Host numbers on the device of the batch. */
export const upload = (
  { device }: Pick<AnswerRows, 'device'>,
  numbers: ArrayLike<number>,
  shape: readonly number[],
): Tensor => tensor(device, Float32Array.from(numbers), shape);

/** Lays a batch out. Throws `bad-batch` for lists that do not fit one another. */
export function answerRows(batch: AnswerBatch): AnswerRows {
  const { policy } = batch;
  const lengths = Array.from(batch.lengths);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const wants = (name: string, list: ArrayLike<number> | undefined, ...sizes: readonly number[]): void => {
    if (list === undefined || sizes.includes(list.length)) return;
    throw new IngotError(
      'bad-batch',
      `A batch of ${lengths.length} answers with ${tokens} tokens has ${list.length} numbers as '${name}'. Wanted ${[...new Set(sizes)].join(' or ')}.`,
    );
  };
  wants('policy', { length: policy.size }, tokens);
  wants('old', batch.old, tokens);
  wants('reference', batch.reference, tokens);
  wants('advantages', batch.advantages, tokens, lengths.length);
  wants('weights', batch.weights, lengths.length);
  const width = Math.max(1, ...lengths);
  const shape = [lengths.length, width];
  const of = { device: policy.device };
  const host = policy.read();
  const old = batch.old ?? host;
  const advantages = batch.advantages.length === tokens ? batch.advantages : perToken(batch.advantages, lengths);
  const rows = padTokens(policy, lengths); // (S, T)
  return {
    ...of,
    rows: lengths.length,
    width,
    lengths,
    weights: batch.weights ? Array.from(batch.weights) : lengths.map(() => 1),
    policy: rows,
    logRatio: sub(rows, upload(of, padHost(old, lengths, width), shape)),
    logRatios: padHost(
      Float64Array.from({ length: tokens }, (_, t) => host[t]! - old[t]!),
      lengths,
      width,
    ),
    advantages: padHost(advantages, lengths, width),
    reference: batch.reference && upload(of, padHost(batch.reference, lengths, width), shape),
  };
}
