// Where sequences lie in rows: document ids so that attention never crosses from one to the next, and positions that begin again in each.
import type { ForwardContext } from '@ingot/contracts';
import { tensor, type Device } from '@ingot/tensor';
import type { Rows, Side } from './pack.js';

/** Places of S sequences in rows of one length, T. */
export interface Layout {
  readonly rows: number;
  readonly length: number;
  /** Where each sequence begins in the flat rows, (S): row · T + column. */
  readonly starts: Int32Array;
  /** The sequence that each place belongs to, (rows, T); −1 is padding. */
  readonly documents: Int32Array;
  /** Its position within its sequence, (rows, T); 0 in padding. */
  readonly positions: Int32Array;
  /** Whether every row is one sequence from its start on: causal attention then needs no documents, and no positions. */
  readonly plain: boolean;
}

/** Lays sequences of `lengths` out in `rows`; T is the longest row. `side` says where the padding goes, 'right' unless said. */
export function layOut(lengths: readonly number[], rows: Rows, side: Side = 'right'): Layout {
  const filled = rows.map((row) => row.reduce((sum, sequence) => sum + lengths[sequence]!, 0));
  const length = Math.max(1, ...filled);
  const starts = new Int32Array(lengths.length);
  const documents = new Int32Array(rows.length * length).fill(-1);
  const positions = new Int32Array(rows.length * length);
  rows.forEach((row, r) => {
    let at = r * length + (side === 'left' ? length - filled[r]! : 0);
    for (const sequence of row) {
      starts[sequence] = at;
      for (let t = 0; t < lengths[sequence]!; t++, at++) {
        documents[at] = sequence;
        positions[at] = t;
      }
    }
  });
  const plain = rows.every((row, r) => row.length === 1 && starts[row[0]!] === r * length);
  return { rows: rows.length, length, starts, documents, positions, plain };
}

/** The layout as a forward pass wants it: i32 (rows, T) of positions and documents, or nothing where causal attention alone is right. */
export function layoutContext(device: Device, layout: Layout): Pick<ForwardContext, 'positions' | 'documents'> {
  if (layout.plain) return {};
  const shape = [layout.rows, layout.length];
  return {
    positions: tensor(device, layout.positions, shape, 'i32'),
    documents: tensor(device, layout.documents, shape, 'i32'),
  };
}
