// A family that is a table: the logits after each beginning of an answer are a column of its one parameter, so it can be any policy of the tiny world.
import { Family, type FamilyValue } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import { tensor, type AttentionCache, type KeyValueCache, type Tensor } from '@ingot/tensor';
import * as z from 'zod';
import { COLUMNS, columnAfter, END_COLUMN, LENGTH } from './answers.js';
import { FIRST_LETTER, VOCABULARY } from './tiny-world.js';

/** Letters that each slot of a cache has read: what attention would find in it. */
const read = new WeakMap<KeyValueCache, number[][]>();

/** The same with a cache, whose slots may hold different pasts: (B, T) new ids -> B·T columns. */
function cachedColumns(ids: Tensor, { cache, slots, starts }: AttentionCache): number[] {
  const [, length = 0] = ids.shape;
  const all = ids.read();
  const past = read.get(cache) ?? [];
  read.set(cache, past);
  return slots.flatMap((slot, row) => {
    const own = (past[slot] ?? []).slice(0, starts[row]);
    return Array.from({ length }, (_, t) => {
      own.push(all[row * length + t]!);
      past[slot] = own;
      return columnOfIds(own.slice(1)); // the prompt is one token
    });
  });
}

/** The column after some ids. */
const columnOfIds = (ids: readonly number[]): number => {
  const letters = ids.slice(0, LENGTH).map((id) => id - FIRST_LETTER);
  return letters.every((letter) => letter >= 0) ? columnAfter(letters) : END_COLUMN;
};

/** For each token the column of what comes after it, within its own sequence. (B, T) -> B·T columns; padding gets the end's. */
function columnsOf(ids: Tensor, positions: Tensor | undefined): number[] {
  const [rows = 0, length = 0] = ids.shape;
  const all = ids.read();
  const at = positions?.read();
  const columns: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let t = 0; t < length; t++) {
      const place = at === undefined ? t : (at[at.length === length ? t : row * length + t] ?? 0);
      const before = Math.min(place, LENGTH);
      columns.push(columnOfIds(Array.from({ length: before }, (_, i) => all[row * length + t - before + 1 + i] ?? 0)));
    }
  return columns;
}

/** Hidden states are one-hot, the head is the table. */
export const tabularFamily: FamilyValue = {
  name: 'tabular',
  version: 1,
  parameters: () => [{ name: 'table.weight', shape: [VOCABULARY, COLUMNS], init: { kind: 'zeros' } }],
  head: () => 'table',
  forward(_design, _weights, ids, context) {
    const [rows = 0, length = 0] = ids.shape;
    const hidden = new Float32Array(rows * length * COLUMNS);
    const columns = context?.cache ? cachedColumns(ids, context.cache) : columnsOf(ids, context?.positions);
    columns.forEach((column, i) => (hidden[i * COLUMNS + column] = 1));
    return tensor(ids.device, hidden, [rows, length, COLUMNS]);
  },
  cache: () => ({ layers: 1, width: 8 }),
  estimate: () => ({ parameters: VOCABULARY * COLUMNS, flopsPerToken: 6 * VOCABULARY * COLUMNS, trainingBytes: 1e8 }),
};
const tabularPart = Family.part({
  name: 'tabular',
  version: 1,
  options: z.strictObject({}),
  make: () => tabularFamily,
});
/** The family as a plugin. */
export const tabular = definePlugin({ name: '@ingot/testing-tabular', version: '1.0.0', parts: [tabularPart] });
