// Rows of JSON lines, one at a time, and of a JSON file that is one list.
import { decodeFile } from '../decode-file.js';
import { inputError } from '../input-error.js';
import { contentOf, linesOf } from './lines.js';
import { jsonRow, typeWord, type SourceRow } from './row.js';

const parse = (text: string, where: string, wanted: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw inputError(where, wanted, (error as Error).message, 'Mend it there.');
  }
};

/** One row a line; empty lines are passed over. Throws 'bad-input' naming file and line. */
export async function* jsonLineRows(file: string): AsyncGenerator<SourceRow, void, void> {
  for await (const { number, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    const where = `${file}:${number}`;
    yield jsonRow(parse(text, where, 'one JSON object a line'), where);
  }
}

/** The rows of a file that holds one JSON list of objects: it is read whole. Throws 'bad-input' naming file and row. */
export async function* jsonListRows(file: string): AsyncGenerator<SourceRow, void, void> {
  const list = parse(decodeFile(await contentOf(file), file), file, 'a JSON list of objects');
  if (!Array.isArray(list))
    throw inputError(
      file,
      'a JSON list of objects',
      typeWord(list),
      'Put the rows into one list, or one a line into a .jsonl file.',
    );
  for (const [index, value] of list.entries()) yield jsonRow(value, `${file}, row ${index + 1}`);
}
