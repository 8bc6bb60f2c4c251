// Files with named columns to rows: the format is told by the file's name.
import { inputError } from '../input-error.js';
import { csvRows } from './csv-rows.js';
import { jsonLineRows, jsonListRows } from './json-rows.js';
import { plainName } from './lines.js';
import { parquetRows } from './parquet-rows.js';
import type { SourceRow } from './row.js';

const READERS = {
  jsonl: jsonLineRows,
  ndjson: jsonLineRows,
  json: jsonListRows,
  csv: (file: string) => csvRows(file, ','),
  tsv: (file: string) => csvRows(file, '\t'),
  parquet: parquetRows,
} as const satisfies Record<string, (file: string) => AsyncIterable<SourceRow>>;

/** Patterns of every file with rows. */
export const ROW_FILES: readonly string[] = Object.keys(READERS).flatMap((end) => [`**/*.${end}`, `**/*.${end}.gz`]);

const endOf = (file: string): string => /\.([^./\\]+)$/.exec(plainName(file))?.[1]?.toLowerCase() ?? '';

/**
 * The rows of a file: JSON lines, a JSON list, CSV, TSV or Parquet, also gzipped; all but a JSON list are read in a stream.
 * Throws 'bad-input' naming file and line for a file that is none of them, is broken, or has no row.
 */
export async function* readRows(file: string): AsyncGenerator<SourceRow, void, void> {
  const end = endOf(file);
  if (!(end in READERS))
    throw inputError(
      file,
      `a file that ends in .${Object.keys(READERS).join(', .')} (or one of them and .gz)`,
      end === '' ? 'no ending' : `.${end}`,
      'Rename it to what it is.',
    );
  let rows = 0;
  for await (const row of READERS[end as keyof typeof READERS](file)) {
    rows++;
    yield row;
  }
  if (rows === 0)
    throw inputError(file, 'at least one row', 'none', 'Give a file with rows in it, or leave this one out.');
}
