// Files to documents: a whole file, its paragraphs or lines, one field of every JSON line, or one column of every row of CSV or Parquet; also gzipped.
import { decodeFile } from './decode-file.js';
import { findFiles, type FileSource } from './find-files.js';
import { inputError } from './input-error.js';
import { contentOf, plainName } from './rows/lines.js';
import { readRows } from './rows/read-rows.js';
import { typeWord } from './rows/row.js';

/** How a plain text file becomes documents. */
export const SPLITTERS = {
  file: (text: string) => [text],
  paragraph: (text: string) => text.split(/\n(?:[ \t]*\n)+/),
  line: (text: string) => text.split('\n'),
} as const satisfies Record<string, (text: string) => string[]>;
export type DocumentUnit = keyof typeof SPLITTERS;

export interface DocumentSource extends FileSource {
  readonly documents: DocumentUnit;
  /** The field of a JSON line that holds the text. */
  readonly field: string;
  /** The column of CSV, TSV and Parquet that holds the text. */
  readonly column?: string | undefined;
}

const isJsonLines = (path: string): boolean => /\.(jsonl|ndjson)$/i.test(plainName(path));
const hasColumns = (path: string): boolean => /\.(csv|tsv|parquet)$/i.test(plainName(path));

const documentsIn = async (file: string, source: DocumentSource): Promise<readonly string[]> => {
  if (hasColumns(file)) return columnOf(file, source.column ?? 'text');
  const text = decodeFile(await contentOf(file), file).replaceAll('\r\n', '\n');
  return isJsonLines(file) ? fieldOf(text, source.field, file) : SPLITTERS[source.documents](text);
};

/**
 * The documents of all files of a source, in order; documents without any visible character are left out. CRLF becomes LF.
 * Throws 'bad-input' for missing, empty, binary or badly encoded files, for a JSON line that does not parse or lacks the field, a row that lacks the column, and when no document is left.
 */
export const readDocuments = async (source: DocumentSource): Promise<string[]> => {
  const documents: string[] = [];
  for (const file of await findFiles(source))
    for (const document of await documentsIn(file, source)) if (document.trim()) documents.push(document);
  if (documents.length === 0)
    throw inputError(
      source.path ?? source.package ?? 'The source',
      'at least one document',
      'only white space',
      'Give files with text in them.',
    );
  return documents;
};

/** Rows without the column are left out, as empty ones are, but some row must have it. */
const columnOf = async (file: string, column: string): Promise<string[]> => {
  const documents: string[] = [];
  const others = new Set<string>();
  for await (const { where, values } of readRows(file)) {
    const value = values[column];
    if (typeof value === 'string') documents.push(value.replaceAll('\r\n', '\n'));
    else if (value !== undefined)
      throw inputError(
        where,
        `a text in the column '${column}'`,
        typeWord(value),
        "Set 'column' to the one that holds the text.",
      );
    for (const name of Object.keys(values)) others.add(name);
  }
  if (documents.length === 0)
    throw inputError(
      file,
      `a text in the column '${column}'`,
      `the columns ${[...others].join(', ')}`,
      "Set 'column' to the one that holds the text.",
    );
  return documents;
};

const fieldOf = (text: string, field: string, file: string): string[] =>
  text.split('\n').flatMap((line, index) => {
    if (!line.trim()) return [];
    const where = `${file}:${index + 1}`;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (error) {
      throw inputError(
        where,
        'one JSON object a line',
        (error as Error).message,
        'Mend that line, or name the file .txt when it is plain text.',
      );
    }
    const value = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : undefined;
    if (typeof value === 'string') {
      if (/\p{Surrogate}/u.test(value))
        throw inputError(
          where,
          `whole characters in the field '${field}'`,
          'half of a surrogate pair',
          'Write the character itself, or both of its \\u escapes.',
        );
      return [value];
    }
    const fields = typeof row === 'object' && row !== null ? Object.keys(row).join(', ') : String(row);
    throw inputError(
      where,
      `a string in the field '${field}'`,
      `the fields ${fields || 'none'}`,
      "Set 'field' to the one that holds the text.",
    );
  });
