// An evaluation as tables and a report: a row a model for every task, then a row for every difference.
import type { ReportRow } from '@ingot/contracts';
import type { Difference, Evaluation, Measurement } from './compare-models.js';

type Values = Record<string, number | string>;

const shown = (value: number): number => Number(value.toPrecision(6));

/** Rows of one task: a model each, a column a measure with its interval. */
export function taskRows(measurements: readonly Measurement[], task: string): ReportRow[] {
  const rows = new Map<string, Values>();
  for (const { model, measure, value, interval, items } of measurements.filter((one) => one.task === task)) {
    const values = rows.get(model) ?? { task, items };
    values[measure] = value;
    if (interval) values[`${measure} interval`] = `${shown(interval.low)} to ${shown(interval.high)}`;
    rows.set(model, values);
  }
  return [...rows].map(([name, values]) => ({ name, values }));
}

const differenceRow = ({
  model,
  against,
  task,
  measure,
  difference,
  interval,
  p,
  adjusted,
  test,
}: Difference): ReportRow => ({
  name: `${model} - ${against}`,
  values: {
    task,
    measure,
    difference,
    ...(interval ? { low: interval.low, high: interval.high } : {}),
    ...(p === undefined ? {} : { p }),
    ...(adjusted === undefined ? {} : { 'p (Holm)': adjusted }),
    test,
  },
});

/** Tasks in the order they were run. */
export const tasksOf = ({ measurements }: Evaluation): string[] => [...new Set(measurements.map(({ task }) => task))];

/** Rows of the whole report. */
export const reportRows = (evaluation: Evaluation): ReportRow[] => [
  ...tasksOf(evaluation).flatMap((task) => taskRows(evaluation.measurements, task)),
  ...evaluation.differences.map(differenceRow),
];
/** The rows of differences alone. */
export const differenceRows = ({ differences }: Evaluation): ReportRow[] => differences.map(differenceRow);
