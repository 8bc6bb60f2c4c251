// One row of a file with named columns, whatever the file's format.
import { inputError } from '../input-error.js';

export interface SourceRow {
  /** For messages: 'pairs.jsonl:12' or 'pairs.parquet, row 12'. */
  readonly where: string;
  /** Without columns that are null. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Every value is a string: numbers, lists and truth values have to be read out of them. */
  readonly cells: boolean;
}

/** What a value is, in a word or two, for messages. */
export const typeWord = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
  return typeof value === 'boolean' || typeof value === 'number' ? `${typeof value} ${value}` : typeof value;
};

const HALF = /\p{Surrogate}/u;
const hasHalfCharacter = (value: unknown): boolean =>
  typeof value === 'string'
    ? HALF.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(hasHalfCharacter);

/** A parsed JSON value as a row. Throws 'bad-input' when it is not an object, or holds half of a surrogate pair. */
export const jsonRow = (value: unknown, where: string): SourceRow => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw inputError(where, 'an object with named columns', typeWord(value), 'Write every row as {"prompt": "…", …}.');
  if (hasHalfCharacter(value))
    throw inputError(
      where,
      'whole characters',
      'half of a surrogate pair',
      'Write the character itself, or both of its \\u escapes.',
    );
  const values = Object.fromEntries(Object.entries(value).filter(([, given]) => given !== null));
  return { where, values, cells: false };
};
