// Which sequences share a row: best-fit decreasing bin packing (Johnson 1973), TRL's `bfd`. A sequence is never cut here.
import { IngotError } from '@ingot/core';

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
