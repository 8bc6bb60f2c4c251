// Which shape the rows of a file have: told by their columns, and by what the reader of them can take.
import { nearMisses } from '@ingot/core';
import { inputError } from '../input-error.js';
import type { SourceRow } from '../rows/row.js';
import type { Meaning, Shape } from './shape.js';
import { KNOWN_COLUMNS, listShapes, SHAPES } from './table.js';

/** Meanings that can be taken, and, if none of those is there, others that can be turned into them. */
export type Wanted = readonly (readonly Meaning[])[];

const SHAPE_LIST: readonly Shape[] = SHAPES;
const holds = (shape: Shape, row: SourceRow): boolean =>
  shape.columns.every((column) => column in row.values) && (shape.fits?.(row.values) ?? true);
const inside = (shape: Shape, other: Shape): boolean =>
  shape.columns.length < other.columns.length && shape.columns.every((column) => other.columns.includes(column));

/** "'promt' looks like 'prompt'." for columns that may be misspelt, with a leading space. */
const lookAlikes = (columns: readonly string[]): string =>
  columns
    .filter((column) => !KNOWN_COLUMNS.includes(column))
    .flatMap((column) => {
      const near = nearMisses(column, KNOWN_COLUMNS).slice(0, 2);
      return near.length > 0 ? [` '${column}' looks like ${near.map((name) => `'${name}'`).join(' or ')}.`] : [];
    })
    .join('');

const columnsOf = (row: SourceRow): string => `the columns ${Object.keys(row.values).join(', ') || 'none'}`;
const quoted = (shapes: readonly Shape[]): string => shapes.map(({ name }) => `'${name}'`).join(' and ');

/**
 * The shape of a row: of those whose columns are all there the largest, of several the one that `wanted` names first.
 * Throws 'bad-input' with the known shapes, the columns that were found and near misses when none fits, when none of them
 * can be taken, or when more than one can. `mapped` are columns that the user named: the shape must read them.
 */
export const detectShape = (row: SourceRow, wanted: Wanted, mapped: readonly string[] = []): Shape => {
  const reads = (shape: Shape) =>
    mapped.every((column) => shape.columns.includes(column) || shape.optional.includes(column));
  const fitting = SHAPE_LIST.filter((shape) => holds(shape, row) && reads(shape));
  const largest = fitting.filter((shape) => !fitting.some((other) => inside(shape, other)));
  const takeable = wanted.map((meanings) => largest.filter(({ gives }) => meanings.includes(gives)));
  const [found, another] = takeable.find((shapes) => shapes.length > 0) ?? [];
  if (found && !another) return found;
  const usable = SHAPE_LIST.filter(({ gives }) => wanted.flat().includes(gives));
  if (found && another) {
    const all = takeable.find((shapes) => shapes.length > 0)!;
    throw inputError(
      row.where,
      'rows of one shape',
      `${columnsOf(row)}, which can be read as ${quoted(all)}`,
      `Say which with the option shape: '${found.name}' (${listShapes(all)}).`,
    );
  }
  if (largest.length > 0)
    throw inputError(
      row.where,
      `rows of ${listShapes(usable)}`,
      `${quoted(largest)}: ${columnsOf(row)}`,
      'Give another file, or use the stage that takes this one (examples, preferences, labels, prompts).',
    );
  throw inputError(
    row.where,
    'rows of a known shape',
    columnsOf(row),
    `Known here: ${listShapes(usable)}.${lookAlikes(Object.keys(row.values))} Other names are told with columns: { prompt: 'question' }.`,
  );
};

/** The shape of that name for a row. Throws 'bad-input' when the row lacks its columns. */
export const forcedShape = (name: string, row: SourceRow): Shape => {
  const shape = SHAPE_LIST.find((known) => known.name === name)!;
  const missing = shape.columns.filter((column) => !(column in row.values));
  if (missing.length > 0)
    throw inputError(
      row.where,
      `rows of ${listShapes([shape])}`,
      `${columnsOf(row)} (no ${missing.join(', ')})`,
      `${lookAlikes(Object.keys(row.values)).trim()} Other names are told with columns: { ${missing[0]}: '…' }.`.trim(),
    );
  return shape;
};
