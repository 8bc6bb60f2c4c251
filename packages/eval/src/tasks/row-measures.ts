// Rows of a tasks file to measures: each kind by its own verb.
import type { EvaluatedModel, Measure } from '@ingot/contracts';
import { exactMatchMeasures, type ExactMatchOptions } from './exact-match.js';
import { type FewShotOptions, shotsBefore } from './few-shot.js';
import { multipleChoiceMeasures } from './multiple-choice.js';
import type { TaskRow } from './rows.js';
import { bitsPerByteMeasures } from './text-measures.js';

export type RowOptions = FewShotOptions & ExactMatchOptions & { readonly pool?: readonly TaskRow[] };

/** Measures of the rows, in the order text, choices, generation; only those of kinds that are there. Examples come from `pool`, the rows themselves unless said. */
export async function rowMeasures(
  model: EvaluatedModel,
  rows: readonly TaskRow[],
  options: RowOptions,
): Promise<Measure[]> {
  const { pool = rows, delimiter, signal } = options;
  const prompted = rows.map((row, index) =>
    row.kind === 'text' ? row : { ...row, prompt: shotsBefore(row, index, pool, options) + row.prompt },
  );
  const texts = prompted.flatMap((row) => (row.kind === 'text' ? [row.text] : []));
  const choices = prompted.flatMap((row) => (row.kind === 'choice' ? [row] : []));
  const generations = prompted.flatMap((row) => (row.kind === 'generate' ? [row] : []));
  return [
    ...(texts.length ? await bitsPerByteMeasures(model, texts, signal) : []),
    ...(choices.length ? await multipleChoiceMeasures(model, choices, { delimiter, signal }) : []),
    ...(generations.length ? await exactMatchMeasures(model, generations, options) : []),
  ];
}
