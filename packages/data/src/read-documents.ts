// Files to documents: a whole file, its paragraphs or lines, or one field of every JSON line.
import { readFile } from 'node:fs/promises';
import { decodeFile } from './decode-file.js';
import { findFiles, type FileSource } from './find-files.js';
import { inputError } from './input-error.js';

/** How a plain text file becomes documents. */
const SPLITTERS = {
  file: (text: string) => [text],
  paragraph: (text: string) => text.split(/\n(?:[ \t]*\n)+/),
  line: (text: string) => text.split('\n'),
} as const satisfies Record<string, (text: string) => string[]>;
export type DocumentUnit = keyof typeof SPLITTERS;

export interface DocumentSource extends FileSource {
  readonly documents: DocumentUnit;
  /** The field of a JSON line that holds the text. */
  readonly field: string;
}

const isJsonLines = (path: string): boolean => /\.(jsonl|ndjson)$/i.test(path);

/**
 * The documents of all files of a source, in order; documents without any visible character are left out. CRLF becomes LF.
 * Throws 'bad-input' for missing, empty, binary or badly encoded files, for a JSON line that does not parse or lacks the field, and when no document is left.
 */
export const readDocuments = async (source: DocumentSource): Promise<string[]> => {
  const documents: string[] = [];
  for (const file of await findFiles(source)) {
    const text = decodeFile(await readFile(file), file).replaceAll('\r\n', '\n');
    for (const document of isJsonLines(file) ? fieldOf(text, source.field, file) : SPLITTERS[source.documents](text))
      if (document.trim()) documents.push(document);
  }
  if (documents.length === 0)
    throw inputError(
      source.path ?? source.package ?? 'The source',
      'at least one document',
      'only white space',
      'Give files with text in them.',
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
