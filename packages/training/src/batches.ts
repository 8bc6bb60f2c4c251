// Batches of windows over a stream of tokens: a pure function of (seed, step), so that a run resumes anywhere and repeats exactly.
import { IngotError } from '@ingot/core';
import { philox4x32 } from '@ingot/tensor';
import type { TokenStream } from '@ingot/contracts';
import { namedKey } from './initialise.js';

/** Rows of ids and, for each, the id that follows; both (rows, length). */
export interface TokenBatch {
  readonly ids: Int32Array;
  /** A negative target is not scored. */
  readonly targets: Int32Array;
  readonly rows: number;
  readonly length: number;
}

/**
 * How windows are chosen.
 * - `shuffled`: each epoch cuts the stream into windows from an offset of its own and visits each once, in an order of its own: every token
 *   counts once an epoch, and window edges differ from epoch to epoch.
 * - `random`: nanoGPT's: each row begins anywhere, drawn anew.
 */
export type WindowOrder = 'shuffled' | 'random';

/** The next row to read, counted over the whole run: the data cursor of a checkpoint is this one number. */
export type DataCursor = { readonly row: number };

/** 53 random bits of (key, counter) as a number in [0, 1). */
function fraction(key: readonly [number, number], counter: number): number {
  const [a, b] = philox4x32([counter >>> 0, Math.floor(counter / 2 ** 32) >>> 0, 0, 0], key);
  return ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
}

/** 0 … count − 1 in an order of the key's (Fisher and Yates). */
export function permutation(count: number, key: readonly [number, number]): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(fraction(key, i) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Where row number `row` of a run begins in the stream. */
export type RowStart = (row: number) => number;

/** Rows that begin anywhere: nanoGPT's `torch.randint(len(data) - block_size)`. */
function randomStarts(tokens: number, length: number, seed: number): RowStart {
  const key = namedKey(seed, 'windows/random');
  return (row) => Math.floor(fraction(key, row) * (tokens - length));
}

/** Every window once an epoch. Only the current epoch's order is held. */
function shuffledStarts(tokens: number, length: number, seed: number): RowStart {
  // One offset in 0 … slack − 1 an epoch, small enough that the number of windows stays the same.
  const count = Math.floor((tokens - 1) / length);
  const slack = tokens - count * length;
  let epoch = -1;
  let order: Uint32Array = new Uint32Array();
  let offset = 0;
  return (row) => {
    const wanted = Math.floor(row / count);
    if (wanted !== epoch) {
      epoch = wanted;
      order = permutation(count, namedKey(seed, `windows/epoch ${epoch}`));
      offset = Math.floor(fraction(namedKey(seed, `windows/offset ${epoch}`), 0) * slack);
    }
    return offset + order[row % count]! * length;
  };
}
const orders = { shuffled: shuffledStarts, random: randomStarts } satisfies Record<
  WindowOrder,
  (tokens: number, length: number, seed: number) => RowStart
>;

/**
 * Reads batches of windows of `length` + 1 tokens.
 * @throws IngotError `bad-input` when the stream is shorter than one window.
 */
export function windows(
  stream: TokenStream,
  how: { readonly length: number; readonly order: WindowOrder; readonly seed: number },
): (cursor: DataCursor, rows: number) => TokenBatch {
  const { length, order, seed } = how;
  if (stream.tokens < length + 1)
    throw new IngotError(
      'bad-input',
      `The training split holds ${stream.tokens} tokens, but one window of length ${length} and the token after it want ${length + 1}. Give more text, or a shorter length.`,
    );
  const start = orders[order](stream.tokens, length, seed);
  return ({ row }, rows) => {
    const ids = new Int32Array(rows * length);
    const targets = new Int32Array(rows * length);
    for (let r = 0; r < rows; r++) {
      const window = stream.read(start(row + r), length + 1);
      ids.set(window.subarray(0, length), r * length);
      targets.set(window.subarray(1), r * length);
    }
    return { ids, targets, rows, length };
  };
}

/** Windows of one split in order and without overlap, for evaluation: at most `limit` of them, evenly spread over the stream. */
export function evaluationWindows(stream: TokenStream, length: number, limit: number): number[] {
  const all = Math.floor((stream.tokens - 1) / length);
  const count = Math.min(all, limit);
  return Array.from({ length: count }, (_, i) => Math.floor((i * all) / count) * length);
}

/** Cuts a batch into micro-batches of `rows` rows; the last may be smaller. */
export function split(batch: TokenBatch, rows: number): { readonly batch: TokenBatch; readonly firstRow: number }[] {
  const parts = [];
  for (let first = 0; first < batch.rows; first += rows) {
    const count = Math.min(rows, batch.rows - first);
    const [from, to] = [first * batch.length, (first + count) * batch.length];
    parts.push({
      firstRow: first,
      batch: {
        ids: batch.ids.subarray(from, to),
        targets: batch.targets.subarray(from, to),
        rows: count,
        length: batch.length,
      },
    });
  }
  return parts;
}

/** Targets that are scored: the weight of a batch in the mean. */
export function scored(targets: Int32Array): number {
  let count = 0;
  for (const target of targets) if (target >= 0) count++;
  return count;
}
