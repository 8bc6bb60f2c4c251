// What a classifier does on held-out texts: precision, recall, false alarms, F1, areas, each with a 95% interval: Wilson's where it is a share of texts, else the bootstrap over groups.
import { philox4x32 } from '@ingot/tensor';
import { wilson } from '../red-team/measure.js';
import { areaUnderRoc, averagePrecision, type Scored } from './curves.js';

/** A number with its interval. */
export interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Of how many texts; none for an area. */
  readonly of?: number;
}
export interface GroupedScore extends Scored {
  readonly group: string;
}

const RESAMPLES = 1000;

/** Groups drawn with repetition, the same for the same number of groups and of the resample. */
const drawn = (groups: readonly (readonly GroupedScore[])[], resample: number): readonly GroupedScore[] => {
  const rows: GroupedScore[] = [];
  for (let i = 0; i < groups.length; i += 4)
    for (const word of philox4x32([i, resample, 0, 0], [0x7261, 0x7465]).slice(0, groups.length - i))
      rows.push(...groups[Math.floor((word / 2 ** 32) * groups.length)]!);
  return rows;
};

/** The estimate with the 2.5% and 97.5% of a thousand resamples of groups; resamples without both labels are left out. */
const byGroups = (
  rows: readonly GroupedScore[],
  groups: readonly (readonly GroupedScore[])[],
  statistic: (rows: readonly Scored[]) => number,
): Rate => {
  const values: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const some = drawn(groups, resample);
    if (some.some(({ label }) => label) && some.some(({ label }) => !label)) values.push(statistic(some));
  }
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return { value: statistic(rows), low: at(0.025), high: at(0.975) };
};
const share = (part: number, of: number): Rate | undefined => {
  if (of === 0) return undefined;
  const { rate, low, high } = wilson(part, of);
  return { value: rate, low, high, of };
};

/** Harmonic mean of precision and recall, 0 where nothing was found. */
export const f1 = (rows: readonly Scored[], threshold: number): number => {
  const found = rows.filter(({ score }) => score >= threshold);
  const right = found.filter(({ label }) => label).length;
  const positive = rows.filter(({ label }) => label).length;
  return found.length + positive === 0 ? 0 : (2 * right) / (found.length + positive);
};

/**
 * By name; `precision` stands nowhere when nothing was called positive. Shares have Wilson's interval, which takes texts for independent; F1 and
 * the areas resample groups, so that answers to one prompt stay together. Throws `bad-input` unless both labels are there.
 */
export const ratesOf = (rows: readonly GroupedScore[], threshold: number): Readonly<Record<string, Rate>> => {
  areaUnderRoc(rows); // both labels, or it says so
  const byGroup = new Map<string, GroupedScore[]>();
  for (const row of rows) byGroup.set(row.group, [...(byGroup.get(row.group) ?? []), row]);
  const groups = [...byGroup.values()];
  const count = (label: boolean, over: boolean): number =>
    rows.filter((row) => row.label === label && (!over || row.score >= threshold)).length;
  const [right, wrong] = [count(true, true), count(false, true)];
  const precision = share(right, right + wrong);
  return {
    ...(precision && { precision }),
    recall: share(right, count(true, false))!,
    'false alarms': share(wrong, count(false, false))!,
    F1: byGroups(rows, groups, (some) => f1(some, threshold)),
    'area under ROC': byGroups(rows, groups, areaUnderRoc),
    'average precision': byGroups(rows, groups, averagePrecision),
  };
};
