// Rows are stored as JSON lines in UTF-8, one row a line.
import { IngotError, canonical, type Codec } from '@ingot/core';
import * as z from 'zod';
import type { RowsValue } from '../values.js';
import { readMeta } from './json-meta.js';

const Meta = z.strictObject({ rows: z.int() });
const BLOB = 'rows.jsonl';

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest) yield rest;
}

/** The codec of rows of plain JSON; `name` is for messages. Throws `not-keyable` for a row that JSON cannot hold exactly. */
export const rowsCodec = <Row>(name: string): Codec<RowsValue<Row>> => ({
  async write(value, to) {
    let rows = 0;
    const content = async function* () {
      for await (const row of value.read()) {
        canonical(row, `Row ${rows} of ${name}`);
        rows++;
        yield new TextEncoder().encode(`${JSON.stringify(row)}\n`);
      }
    };
    await to.put(BLOB, content());
    if (rows !== value.rows)
      throw new IngotError('bad-value', `${name} said that they have ${value.rows} rows, and gave ${rows}.`);
    return { rows };
  },
  async read(meta, from) {
    return {
      rows: readMeta(Meta, meta, name).rows,
      async *read() {
        for await (const line of linesOf(from.stream(BLOB))) yield JSON.parse(line) as Row;
      },
    };
  },
});
