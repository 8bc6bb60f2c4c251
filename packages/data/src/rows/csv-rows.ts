// Rows of CSV and TSV with a header line, one at a time: RFC 4180, read by csv-parse.
import { Readable } from 'node:stream';
import { CsvError, parse, type InfoRecord } from 'csv-parse';
import { inputError } from '../input-error.js';
import { linesOf } from './lines.js';
import type { SourceRow } from './row.js';

async function* textOfLines(file: string): AsyncGenerator<string, void, void> {
  for await (const { text } of linesOf(file)) yield `${text}\n`;
}

const header = (file: string) => (names: string[]) => {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw inputError(`${file}:1`, 'a name of its own for every column', `'${twice}' twice`, 'Rename one of them.');
  return names;
};

/**
 * The rows of a file of separated values, all of them strings; quoted fields may hold line breaks.
 * Throws 'bad-input' naming file and line for a row with more or fewer fields than the header, a quote that does not close, a column named twice.
 */
export async function* csvRows(file: string, delimiter: string): AsyncGenerator<SourceRow, void, void> {
  const parser = Readable.from(textOfLines(file)).compose(
    parse({ columns: header(file), delimiter, info: true, skip_empty_lines: true }),
  ) as AsyncIterable<{ readonly record: Record<string, string>; readonly info: InfoRecord }>;
  let from = 2;
  let empty = 0;
  try {
    for await (const { record, info } of parser) {
      from += info.empty_lines - empty;
      yield { where: `${file}:${from}`, values: record, cells: true };
      from = info.lines + 1;
      empty = info.empty_lines;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
    throw inputError(
      `${file}${line}`,
      'as many fields as the header names, and quotes that close',
      error.message,
      'Mend that line; a field with a separator, a quote or a line break stands in quotes.',
    );
  }
}
