// Tables in the terminal.
import Table from 'cli-table3';
import { maskedOf } from '../mask.js';
import { short } from './format.js';
import { maskedExamples } from './masked.js';

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

/** Rows of an event's table that are shown in the terminal; the report has them all. */
const MOST_ROWS = 12;
/** Characters of one cell. */
const MOST_SIGNS = 60;
const clipped = (cell: string | number): string | number =>
  typeof cell === 'string' && cell.length > MOST_SIGNS ? `${cell.slice(0, MOST_SIGNS - 1)}…` : cell;

/** The table of an event, cut to what a terminal can hold: long cells, and rows past the twelfth. Examples with what is learnt of them stand as text. */
export const renderEventTable = (
  rows: readonly Readonly<Record<string, string | number>>[],
  colours: boolean,
): string => {
  const examples = maskedOf(rows);
  if (examples) return maskedExamples(examples, colours);
  const some = rows
    .slice(0, MOST_ROWS)
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, clipped(cell)])));
  const rest = rows.length - some.length;
  return `${renderTable(some, colours)}${rest > 0 ? `\n… ${rest} more rows: in the report` : ''}`;
};
