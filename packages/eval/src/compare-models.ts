// Models beside each other: a number with an interval for every measure, every difference with a paired test, and all of it in words.
import { type Measure, type MeasuredTask, measureValue } from '@ingot/contracts';
import { type Comparison, compareMeasures, type ComparisonOptions, measureInterval } from './measures.js';
import { holm } from './statistics/holm.js';
import type { Interval } from './statistics/refuse.js';

/** One model's results on all tasks. */
export interface MeasuredModel {
  readonly name: string;
  readonly results: readonly MeasuredTask[];
}
/** One number of the report. */
export interface Measurement {
  readonly model: string;
  readonly task: string;
  readonly measure: string;
  readonly better: Measure['better'];
  readonly value: number;
  readonly interval: Interval | undefined;
  readonly items: number;
}
/** The first model beside another, on one measure. */
export interface Difference extends Comparison {
  readonly model: string;
  readonly against: string;
  readonly task: string;
  readonly measure: string;
  /** How much worse the first is than the other, in the measure's units; negative when it is better. */
  readonly worseBy: number;
  /** p after Holm's correction over all differences of the report. */
  readonly adjusted: number | undefined;
  /** One sentence. */
  readonly words: string;
}
/** All numbers of an evaluation, plain JSON. */
export interface Evaluation {
  readonly measurements: readonly Measurement[];
  readonly differences: readonly Difference[];
}

const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(4));
/** 'p = 0.031', 'p < 0.0001'. */
export const showP = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(p < 0.01 ? 4 : 3)}`);

/** "aligned is better than sft by 0.0300 bits_per_byte (task bits-per-byte), 95% interval -0.0500 to -0.0100, p = 0.004 (paired permutation, 120 items)." */
function inWords(
  difference: Omit<Difference, 'words' | 'adjusted'>,
  adjusted: number | undefined,
  confidence: number,
): string {
  const { model, against, task, measure, better, difference: by, interval, p, test, items } = difference;
  const is = {
    first: `is better than ${against} by ${number(Math.abs(by))} ${measure}`,
    second: `is worse than ${against} by ${number(Math.abs(by))} ${measure}`,
    neither: `equals ${against} in ${measure}`,
  }[better];
  const range = interval
    ? `, ${100 * confidence}% interval of the difference ${number(interval.low)} to ${number(interval.high)}`
    : '';
  const tested =
    p === undefined
      ? '; one item, so nothing can be said of chance'
      : `, ${showP(p)}${adjusted === undefined || adjusted === p ? '' : ` (Holm ${showP(adjusted).replace(/^p (?:= )?/u, '')})`} (${test}, ${items} items)`;
  return `${model} ${is} (task ${task})${range}${tested}.`;
}

const flat = ({ results }: MeasuredModel): { task: string; measure: Measure }[] =>
  results.flatMap(({ task, measures }) => measures.map((measure) => ({ task, measure })));

/** The first model beside each of the others; all have run the same tasks. Throws `bad-value` when their items differ. */
export function compareModels(
  [first, ...others]: readonly [MeasuredModel, ...MeasuredModel[]],
  options: ComparisonOptions = {},
): Evaluation {
  const { confidence = 0.95 } = options;
  const measurements = [first, ...others].flatMap((model) =>
    flat(model).map(({ task, measure }) => ({
      model: model.name,
      task,
      measure: measure.name,
      better: measure.better,
      value: measureValue(measure),
      interval: measureInterval(measure, options),
      items: measure.items.length,
    })),
  );
  const found = others.flatMap((other) => {
    const theirs = flat(other);
    return flat(first).flatMap(({ task, measure }) => {
      const same = theirs.find((one) => one.task === task && one.measure.name === measure.name);
      if (!same) return [];
      const comparison = compareMeasures(measure, same.measure, options);
      const worseBy = comparison.difference * (measure.better === 'higher' ? -1 : 1);
      return [{ ...comparison, model: first.name, against: other.name, task, measure: measure.name, worseBy }];
    });
  });
  const tested = found.filter(({ p }) => p !== undefined);
  const corrected = holm(tested.map(({ p }) => p ?? 1));
  return {
    measurements,
    differences: found.map((one) => {
      const place = tested.indexOf(one);
      const adjusted = place < 0 ? undefined : corrected[place];
      return { ...one, adjusted, words: inWords(one, adjusted, confidence) };
    }),
  };
}
