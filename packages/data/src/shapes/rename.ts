// The option `columns`: which column of a file stands for which column of a shape.
import { IngotError, suggest } from '@ingot/core';
import { inputError } from '../input-error.js';
import type { SourceRow } from '../rows/row.js';
import { readCells } from './cells.js';
import { KNOWN_COLUMNS } from './table.js';

/** From a shape's column to the file's: { prompt: 'question' }. */
export type Columns = Readonly<Record<string, string>>;

/** Throws 'bad-options' for a name on the left that no shape has. */
export const checkColumns = (columns: Columns): void => {
  for (const known of Object.keys(columns))
    if (!KNOWN_COLUMNS.includes(known))
      throw new IngotError(
        'bad-options',
        `Option 'columns': wanted the name of a shape's column on the left, got '${known}'.${suggest(known, KNOWN_COLUMNS)}`,
      );
};

/** The row under the names of its shape, with cells read as what the columns hold. Throws 'bad-input' when the file has none of a column named. */
export const renamed = (row: SourceRow, columns: Columns, first: boolean): SourceRow => {
  const values: Record<string, unknown> = { ...row.values };
  for (const theirs of Object.values(columns)) delete values[theirs];
  for (const [ours, theirs] of Object.entries(columns)) {
    if (theirs in row.values) values[ours] = row.values[theirs];
    else if (first)
      throw inputError(
        row.where,
        `the column '${theirs}', which option 'columns' names for ${ours}`,
        `the columns ${Object.keys(row.values).join(', ')}`,
        suggest(theirs, Object.keys(row.values)).trim(),
      );
  }
  return { ...row, values: row.cells ? readCells(values) : values };
};
