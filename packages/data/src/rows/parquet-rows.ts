// Rows of Parquet, one row group at a time, read by hyparquet.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { inputError } from '../input-error.js';
import { contentOf, plainName } from './lines.js';
import { jsonRow, type SourceRow } from './row.js';

type Source = Awaited<ReturnType<typeof asyncBufferFromFile>>;

const sourceOf = async (file: string): Promise<Source> => {
  if (plainName(file) === file) return asyncBufferFromFile(file);
  const bytes = await contentOf(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) };
};

const refusal = (where: string, error: unknown) =>
  inputError(
    where,
    'a Parquet file',
    error instanceof Error ? error.message : String(error),
    'Write it again, for example with pyarrow, or give JSON lines.',
  );

/** 64-bit integers as numbers and dates as text: what JSON would hold. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, Number);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
};

/** The rows of a Parquet file, without nulls; every codec of the format. Throws 'bad-input' for what is not one. */
export async function* parquetRows(file: string): AsyncGenerator<SourceRow, void, void> {
  const source = await sourceOf(file);
  const metadata = await parquetMetadataAsync(source).catch((error: unknown) => {
    throw refusal(file, error);
  });
  let row = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = row + Number(group.num_rows);
    const values = await parquetReadObjects({ file: source, metadata, compressors, rowStart: row, rowEnd }).catch(
      (error: unknown) => {
        throw refusal(`${file}, rows ${row + 1} to ${rowEnd}`, error);
      },
    );
    for (const value of values) yield jsonRow(plain(value), `${file}, row ${++row}`);
  }
}
