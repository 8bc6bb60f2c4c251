// Rows of files as what they mean: each file's shape is told by its first row, and every row is checked against it.
import type * as z from 'zod';
import { IngotError } from '@ingot/core';
import { readRows } from '../rows/read-rows.js';
import { detectShape, forcedShape, type Wanted } from './detect.js';
import { checkColumns, renamed, type Columns } from './rename.js';
import type { Shape, ShapedRow } from './shape.js';
import { listShapes } from './table.js';

export interface PlacedRow {
  /** File and line or row, for messages. */
  readonly where: string;
  readonly shape: Shape;
  readonly row: ShapedRow;
}

const problemOf = (shape: Shape, where: string, error: z.ZodError): IngotError => {
  const issue = error.issues[0]!;
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
  return new IngotError(
    'bad-input',
    `${where}${path ? `, '${path}'` : ''}: ${issue.message}. The shape is ${listShapes([shape])}: mend the row, or name another shape.`,
  );
};

/**
 * The rows of files, in order, as what they mean.
 * Throws 'bad-input' naming file and row for what cannot be read, has an unknown or ambiguous shape, or holds a wrong type.
 */
export async function* shapedRows(
  files: readonly string[],
  wanted: Wanted,
  how: { readonly shape?: string | undefined; readonly columns?: Columns | undefined },
): AsyncGenerator<PlacedRow, void, void> {
  const columns = how.columns ?? {};
  checkColumns(columns);
  for (const file of files) {
    let shape: Shape | undefined;
    for await (const source of readRows(file)) {
      const row = renamed(source, columns, shape === undefined);
      shape ??= how.shape === undefined ? detectShape(row, wanted, Object.keys(columns)) : forcedShape(how.shape, row);
      const parsed = shape.schema.safeParse(row.values);
      if (!parsed.success) throw problemOf(shape, row.where, parsed.error);
      for (const meaning of parsed.data) yield { where: row.where, shape, row: meaning };
    }
  }
}
