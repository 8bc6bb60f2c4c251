// Tables in the terminal.
import Table from 'cli-table3';
import { short } from './format.js';

type Cell = string | number | boolean | undefined;

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows of named cells as a table without frame; numbers stand on the right. `colours` makes the head dim. */
export const renderTable = (rows: readonly Readonly<Record<string, Cell>>[], colours: boolean): string => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return '';
  const numeric = (column: string) => rows.every((row) => row[column] === undefined || typeof row[column] === 'number');
  const table = new Table({
    head: columns,
    colAligns: columns.map((column) => (numeric(column) ? 'right' : 'left')),
    chars: BARE,
    style: { head: colours ? ['gray'] : [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows)
    table.push(
      columns.map((column) => (typeof row[column] === 'number' ? short(row[column]) : String(row[column] ?? ''))),
    );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};
