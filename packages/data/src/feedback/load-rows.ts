// Files to checked rows of a stage: shapes, lint, split and limit in one pass.
import type { ExampleRow, FeedbackRow, RowsValue } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { findFiles, type FileSource } from '../find-files.js';
import { inputError } from '../input-error.js';
import type { Columns } from '../shapes/rename.js';
import { shapedRows } from '../shapes/shaped-rows.js';
import type { Meaning, ShapedRow } from '../shapes/shape.js';
import { listShapes, SHAPES } from '../shapes/table.js';
import { Lint, type Drop } from './lint.js';
import { isHeldOut } from './prompt-key.js';
import { asChat, type Target } from './targets.js';

export interface RowSource extends FileSource {
  readonly shape?: string | undefined;
  readonly columns?: Columns | undefined;
  readonly limit?: number | undefined;
  readonly split?: { readonly holdOut: number; readonly part: 'train' | 'held-out' } | undefined;
  readonly drop: Drop;
  readonly chat: boolean;
}
export interface LoadedRows<Row> {
  readonly rows: readonly Row[];
  /** What was told of shapes, a line each. */
  readonly lines: readonly string[];
  readonly table: ReturnType<Lint['table']>;
  readonly warnings: readonly string[];
}

/** Rows in memory as the value of a kind. */
export const rowsOf = <Row>(rows: readonly Row[]): RowsValue<Row> => ({
  rows: rows.length,
  async *read() {
    yield* rows;
  },
});

/** All rows of a value, in memory. */
export const listOf = async <Row>(value: RowsValue<Row>): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const row of value.read()) rows.push(row);
  return rows;
};

/**
 * The rows of a source as a stage wants them, with what there is to say about them.
 * Throws 'bad-input' for files and rows that cannot be taken, empty prompts and answers that are not dropped, and when no row is left;
 * 'bad-options' for a shape that the stage cannot take and for unknown names in `columns`.
 */
export const loadRows = async <M extends Meaning, Row extends ExampleRow | FeedbackRow>(
  target: Target<M, Row>,
  source: RowSource,
): Promise<LoadedRows<Row>> => {
  const place = source.path ?? source.package ?? 'The source';
  const takeable = SHAPES.filter(({ gives }) => target.wanted.flat().includes(gives));
  if (source.shape !== undefined && !takeable.some(({ name }) => name === source.shape))
    throw new IngotError(
      'bad-options',
      `Stage '${target.name}', option 'shape': wanted one that gives ${target.rowsAre}, got '${source.shape}'. Known here: ${listShapes(takeable)}.`,
    );
  const lint = new Lint(source.drop);
  const rows: Row[] = [];
  const lines = new Set<string>();
  const files = await findFiles(source);
  for await (const { row, shape, where } of shapedRows(files, target.wanted, source)) {
    const convert = target.from[row.gives] as
      | ((row: ShapedRow) => readonly Extract<ShapedRow, { gives: M }>[])
      | undefined;
    if (!convert) continue; // the shape was checked: every meaning that it gives is in `from`
    lines.add(
      [`Read as '${shape.name}' {${shape.columns.join(', ')}}: ${shape.about}.`, target.says[row.gives]]
        .filter(Boolean)
        .join(' '),
    );
    const made = convert(row).map((one) => (source.chat ? asChat(one) : one));
    const ranked =
      row.gives === 'ranked' && (row.apart === true || target.name === 'preferences' || target.name === 'labels');
    if (ranked ? !lint.keeps(row, where) : made.map((one) => lint.keeps(one, where)).includes(false)) continue;
    const wanted = made
      .map((one) => target.row(one))
      .filter((one) => !source.split || isHeldOut(one, source.split.holdOut) === (source.split.part === 'held-out'));
    rows.push(...wanted);
    if (rows.length >= (source.limit ?? Infinity)) break;
  }
  lint.check(place);
  if (rows.length === 0)
    throw inputError(
      place,
      `at least one row of ${target.rowsAre}`,
      `none of ${lint.table()[0]!['count']} rows${source.split ? ` in the part '${source.split.part}'` : ''}`,
      [...lint.warnings(), 'Give more rows, or loosen split and drop.'].join(' '),
    );
  const given = rows.slice(0, source.limit);
  const part = source.split ? `in the part '${source.split.part}'` : 'given';
  return {
    rows: given,
    lines: [...lines],
    table: [...lint.table(), { rows: part, count: given.length, outcome: '' }],
    warnings: lint.warnings(),
  };
};
