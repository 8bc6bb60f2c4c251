// Rows that a stage has made so far, kept once, as bytes; with a state beside them they survive a kill.
import type { FeedbackRow, RowsValue } from '@ingot/contracts';
import type { Checkpoint, Json } from '@ingot/core';
import * as z from 'zod';

const Meta = z.strictObject({ done: z.int(), rows: z.int(), state: z.json() });
const NEWLINE = 10;

function* linesOf(bytes: Uint8Array): Generator<string, void, void> {
  const decoder = new TextDecoder();
  for (let start = 0, end: number; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(NEWLINE, start);
    yield decoder.decode(bytes.subarray(start, end));
  }
}

/** Rows in the order in which they were added, and how far the stage has come. `state` is plain JSON, changed in place. */
export interface RowLog<State> {
  readonly state: State;
  /** Input rows that are behind us. */
  readonly done: number;
  readonly rows: number;
  /** Takes the rows that came of the next `inputs` input rows. */
  add(rows: readonly FeedbackRow[], inputs: number): void;
  /** Saves when `every` input rows, and a tenth of all that are behind us, were added since the last save: the bytes written in all stay within ten times the rows. */
  saveWhenDue(every: number): Promise<void>;
  value(): RowsValue<FeedbackRow>;
}

/** A log that goes on where the checkpoint stands, or starts with `fresh`. */
export async function openRowLog<State extends object>(checkpoint: Checkpoint, fresh: State): Promise<RowLog<State>> {
  const saved = await checkpoint.load();
  const meta = saved ? Meta.parse(saved.meta) : { done: 0, rows: 0, state: fresh };
  const chunks: Uint8Array[] = saved ? [await saved.blob('rows')] : [];
  const state = meta.state as unknown as State;
  let { done, rows } = meta;
  let savedAt = done;
  return {
    state,
    get done() {
      return done;
    },
    get rows() {
      return rows;
    },
    add(made, inputs) {
      if (made.length > 0)
        chunks.push(new TextEncoder().encode(made.map((row) => `${JSON.stringify(row)}\n`).join('')));
      rows += made.length;
      done += inputs;
    },
    async saveWhenDue(every) {
      if (done - savedAt < Math.max(every, done / 10)) return;
      const all = [...chunks];
      await checkpoint.save(
        { done, rows, state: state as unknown as Json },
        {
          rows: (async function* () {
            yield* all;
          })(),
        },
      );
      savedAt = done;
    },
    value: () => ({
      rows,
      async *read() {
        for (const chunk of chunks) for (const line of linesOf(chunk)) yield JSON.parse(line) as FeedbackRow;
      },
    }),
  };
}

/** Input rows in blocks of `size`, the first `skip` left out; each row with its place. */
export async function* blocksOf<Row>(
  source: RowsValue<Row>,
  size: number,
  skip: number,
): AsyncGenerator<{ readonly place: number; readonly row: Row }[], void, void> {
  let block: { place: number; row: Row }[] = [];
  let place = 0;
  for await (const row of source.read()) {
    if (place >= skip) block.push({ place, row });
    place++;
    if (block.length < size) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
