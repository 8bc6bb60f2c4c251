// Rows that a stage has made so far, with a state of plain JSON beside them, so that a killed run goes on where it was.
import type { RowsValue } from '@ingot/contracts';
import type { Checkpoint, Json } from '@ingot/core';
import * as z from 'zod';

const saved = z.strictObject({ done: z.int(), state: z.json() });

export interface SavedRows<Row, State> {
  readonly state: State;
  readonly rows: Row[];
  /** Input rows that are behind us. */
  done: number;
  /** Saves when `every` input rows and a tenth of all were added since the last time. */
  saveWhenDue(every: number): Promise<void>;
  value(): RowsValue<Row>;
}

/** Goes on where the checkpoint stands, or starts with `fresh`. */
export const openRows = async <Row, State extends object>(
  checkpoint: Checkpoint,
  fresh: State,
): Promise<SavedRows<Row, State>> => {
  const before = await checkpoint.load();
  const { done, state } = before ? saved.parse(before.meta) : { done: 0, state: fresh };
  const rows = before ? (JSON.parse(new TextDecoder().decode(await before.blob('rows'))) as Row[]) : [];
  let savedAt = done;
  const log: SavedRows<Row, State> = {
    state: state as unknown as State,
    rows,
    done,
    async saveWhenDue(every) {
      if (log.done - savedAt < Math.max(every, log.done / 10)) return;
      await checkpoint.save(
        { done: log.done, state: log.state as unknown as Json },
        { rows: new TextEncoder().encode(JSON.stringify(rows)) },
      );
      savedAt = log.done;
    },
    value: () => ({
      rows: rows.length,
      async *read() {
        yield* rows;
      },
    }),
  };
  return log;
};

/** Rows from `skip` on, in blocks, each with its place. */
export async function* blocks<Row>(
  rows: RowsValue<Row>,
  size: number,
  skip: number,
): AsyncGenerator<readonly { readonly place: number; readonly row: Row }[], void, void> {
  let block: { place: number; row: Row }[] = [];
  let place = 0;
  for await (const row of rows.read()) {
    if (place >= skip) block.push({ place, row });
    place++;
    if (block.length < size) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
