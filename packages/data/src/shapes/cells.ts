// What stands in a CSV cell: numbers, truth values and lists (as JSON) where a column holds them, else text.
const parsed = (cell: string): unknown => {
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell; // the shape says what it wanted
  }
};
const truth = (cell: string): unknown =>
  ({ true: true, yes: true, '1': true, false: false, no: false, '0': false })[cell.trim().toLowerCase()] ?? cell;
const number = (cell: string): unknown => (cell.trim() === '' || Number.isNaN(Number(cell)) ? cell : Number(cell));
/** A conversation or a turn as JSON, else the text as it is. */
const turns = (cell: string): unknown => {
  const value = /^\s*[[{]/.test(cell) ? parsed(cell) : cell;
  return typeof value === 'object' && value !== null ? value : cell;
};

const CELLS: Readonly<Record<string, (cell: string) => unknown>> = {
  messages: parsed,
  conversations: parsed,
  history: parsed,
  completions: parsed,
  ranks: parsed,
  scores: parsed,
  labels: parsed,
  label: truth,
  kto_tag: truth,
  prompt: turns,
  completion: turns,
  chosen: turns,
  rejected: turns,
  weight: number,
  margin: number,
  score_chosen: number,
  score_rejected: number,
  chosen_score: number,
  rejected_score: number,
  chosen_rating: number,
  rejected_rating: number,
  chosen_rank: number,
  rejected_rank: number,
};
/** Columns in which an empty cell is an empty text; in all others it is nothing. */
const TEXTS = new Set([
  'text',
  'prompt',
  'completion',
  'chosen',
  'rejected',
  'instruction',
  'input',
  'output',
  'system',
]);

/** The values of a row of cells, by the known column's name. */
export const readCells = (cells: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([column, cell]) => {
      if (typeof cell !== 'string') return [[column, cell]];
      if (cell === '' && !TEXTS.has(column)) return [];
      return [[column, CELLS[column]?.(cell) ?? cell]];
    }),
  );
