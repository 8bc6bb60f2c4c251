// An evaluation as tables and a report: a row a model for every task, then a row for every difference.
import type { ReportRow } from '@ingot/contracts';
import type { Difference, Evaluation, Measurement } from './compare-models.js';

type Values = Record<string, number | string>;

const shown = (value: number): number => Number(value.toPrecision(6));

/** Rows of one task: a model each, a column a measure with its interval; counts of items once where all measures have the same. */
export function taskRows(measurements: readonly Measurement[], task: string): ReportRow[] {
  const own = measurements.filter((one) => one.task === task);
  return [...new Set(own.map(({ model }) => model))].map((name) => {
    const measures = own.filter(({ model }) => model === name);
    const [count = 0, ...others] = new Set(measures.map(({ items }) => items));
    const values: Values = { task, items: others.length > 0 ? [count, ...others].join(', ') : count };
    for (const { measure, value, interval } of measures) {
      values[measure] = value;
      if (interval) values[`${measure} interval`] = `${shown(interval.low)} to ${shown(interval.high)}`;
    }
    return { name, values };
  });
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
