// The numbers of one stage that the live view draws: a line each, by what they are about.
import pc from 'picocolors';
import { metricStyle, watchRank } from '../metrics.js';
import { short } from './format.js';
import { sparkline } from './sparkline.js';

/** Values of metrics as they came, by name. */
export type Series = Map<string, number[]>;
/** Lines at the most. */
const MOST = 5;

/** Takes in the numbers of one step. */
export const watch = (series: Series, values: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(values)) {
    if (watchRank(name) === undefined) continue;
    const held = series.get(name) ?? [];
    series.set(name, held);
    held.push(value);
  }
};

/** 'loss ▇▅▃▁ 2.31', then accuracy, margin, reward, KL, …: of each idea the curve with the most points, where it has two or more. */
export const watchedLines = (series: Series, width: number, colours: boolean): string[] => {
  const c = pc.createColors(colours);
  const best = new Map<number, { readonly name: string; readonly values: readonly number[] }>();
  for (const [name, values] of series) {
    const rank = watchRank(name) ?? 0;
    if (values.length > 1 && values.length > (best.get(rank)?.values.length ?? 0)) best.set(rank, { name, values });
  }
  const shown = [...best].toSorted(([a], [b]) => a - b).slice(0, MOST);
  const labels = shown.map(([, { name }]) => {
    const { title, chart } = metricStyle(name);
    return chart === 'Loss' ? 'loss' : title;
  });
  const wide = Math.max(0, ...labels.map(({ length }) => length));
  return shown.map(
    ([, { values }], at) =>
      `${c.dim((labels[at] ?? '').padEnd(wide))} ${c.cyan(sparkline(values, Math.max(8, Math.min(60, width - wide - 16))))} ${c.dim(short(values.at(-1) ?? NaN))}`,
  );
};
