// Which sequences share a row: best-fit decreasing bin packing (Johnson 1973), TRL's `bfd`. A sequence is never cut here.
import { IngotError } from '@ingot/core';

/** Whether a row's sequences begin at its start, with the padding behind them, or end at its end, with the padding in front. */
export type Side = 'right' | 'left';

/** The sequences of each row, by index, in the order in which they lie. */
export type Rows = readonly (readonly number[])[];

/**
 * - `best-fit`: the longest first, each into the fullest row that still holds it (ties: the older row), so that little is padded.
 * - `none`: every sequence has a row of its own.
 */
export type Packing = 'best-fit' | 'none';

/** The fullest row into which each sequence fits, longest first; equal lengths keep their order. */
function bestFit(lengths: readonly number[], capacity: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const rows: number[][] = [];
  // Rows by the room that they have left, oldest first.
  const byRoom = Array.from({ length: capacity + 1 }, (): number[] => []);
  for (const sequence of order) {
    const length = lengths[sequence]!;
    let room = length;
    while (room <= capacity && byRoom[room]!.length === 0) room++;
    const row = room <= capacity ? byRoom[room]!.shift()! : rows.push([]) - 1;
    rows[row]!.push(sequence);
    byRoom[(room <= capacity ? room : capacity) - length]!.push(row);
  }
  return rows;
}
const ways = {
  'best-fit': bestFit,
  none: (lengths) => lengths.map((_, i) => [i]),
} satisfies Record<Packing, (lengths: readonly number[], capacity: number) => number[][]>;

/**
 * Puts sequences of these lengths into rows of at most `capacity` tokens.
 * @throws IngotError `bad-input` for a sequence that is empty or longer than a row.
 */
export function packSequences(lengths: readonly number[], capacity: number, packing: Packing = 'best-fit'): Rows {
  const wrong = lengths.findIndex((length) => !(length >= 1 && length <= capacity));
  if (wrong >= 0)
    throw new IngotError(
      'bad-input',
      `Sequence ${wrong} of ${lengths.length} has ${lengths[wrong]} tokens; a row holds 1 to ${capacity}. Leave it out, or cut it before it is packed.`,
    );
  return ways[packing](lengths, capacity);
}

/** Capacities that are tried between the longest sequence and half as much again. */
const TRIED = 16;

/**
 * Best-fit rows with the least padding: capacities from the longest sequence to half as much again, at most `limit`, are tried, and the smallest
 * rows · (tokens of the fullest row) wins; the shorter rows where two are even, since attention grows with their length.
 * @throws IngotError `bad-input` for a sequence that is empty or longer than `limit`.
 */
export function packTightly(lengths: readonly number[], limit = Infinity): Rows {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  const most = Math.min(limit, Math.ceil(1.5 * longest));
  let best = packSequences(lengths, Math.min(longest, limit));
  let area = areaOf(best, lengths);
  for (let i = 1; i <= TRIED; i++) {
    const capacity = longest + Math.floor((i * (most - longest)) / TRIED);
    const rows = packSequences(lengths, capacity);
    const found = areaOf(rows, lengths);
    if (found < area) [best, area] = [rows, found];
  }
  return best;
}
const areaOf = (rows: Rows, lengths: readonly number[]): number =>
  rows.length *
  rows.reduce(
    (most, row) =>
      Math.max(
        most,
        row.reduce((sum, sequence) => sum + lengths[sequence]!, 0),
      ),
    0,
  );

/** How sequences become rows. */
export interface RowsHow {
  /** 'best-fit' unless said. */
  readonly packing?: Packing;
  /** The most tokens of a row; chosen for the least padding unless said. */
  readonly capacity?: number;
  /** The most tokens of a row where it is chosen, such as the model's context; half as much again as the longest sequence is never passed. */
  readonly limit?: number;
  /** Where the padding goes; 'right', behind the sequences, unless said. */
  readonly side?: Side;
}

/** The rows of sequences of these lengths. Throws as `packSequences`. */
export function rowsOf(lengths: readonly number[], { packing = 'best-fit', capacity, limit }: RowsHow): Rows {
  if (packing === 'best-fit' && capacity === undefined) return packTightly(lengths, limit);
  return packSequences(lengths, capacity ?? lengths.reduce((most, length) => Math.max(most, length), 1), packing);
}
