// Curves of a run by chart: which share axes, what stands beside them, and where a tripwire spoke.
import { chartRank, isDrawn, learnsOnline, losesByRow, metricStyle } from '../metrics.js';
import type { TableEntry, TrippedIn } from './gather.js';

/** One curve: y[i] at x[i]. */
export interface Curve {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}
/** A chart: curves over steps and level lines. */
export interface Chart {
  readonly title: string;
  readonly stage: string;
  readonly unit: string;
  readonly curves: readonly Curve[];
  readonly lines: readonly { readonly title: string; readonly value: number }[];
  /** Steps at which a tripwire spoke of one of the curves. */
  readonly marks: readonly { readonly title: string; readonly x: number }[];
}
/** At most this many points a curve: a screen shows no more, and a long run's page stays small. First and last are kept. */
const MOST_POINTS = 2000;
const thin = (curve: { x: number[]; y: number[] }): { x: number[]; y: number[] } => {
  const count = curve.x.length;
  if (count <= MOST_POINTS) return curve;
  const keep = Array.from({ length: MOST_POINTS }, (_, i) => Math.round((i * (count - 1)) / (MOST_POINTS - 1)));
  return { x: keep.map((i) => curve.x[i] ?? 0), y: keep.map((i) => curve.y[i] ?? 0) };
};

/** Level lines: every row of a table that has a column of bits per byte, but for models, is a baseline. */
const baselines = (tables: readonly TableEntry[]): { title: string; value: number }[] =>
  tables.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const [name, value] = [
        row['name'] ?? row['measure'] ?? row['baseline'],
        row['bits per byte'] ?? row['bitsPerByte'],
      ];
      const isModel = /^(this )?model\b/i.test(String(name));
      return typeof value === 'number' && name !== undefined && !isModel ? [{ title: String(name), value }] : [];
    }),
  );

/** A curve as it was read. */
export interface Read {
  readonly stage: string;
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
}
/** Curves by chart: stage after stage in the order in which they spoke, each in the order in which charts are read. */
export const chartsOf = (
  curves: readonly Read[],
  tables: readonly TableEntry[],
  tripped: readonly TrippedIn[],
): readonly Chart[] => {
  const stages = [...new Set(curves.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const own = curves.filter((curve) => curve.stage === stage);
    const names = own.map(({ name }) => name);
    const online = learnsOnline(names);
    const lossUnit = online ? 'what the method minimises' : losesByRow(names) ? 'nats a row' : undefined;
    const charts = new Map<string, Chart & { curves: Curve[]; marks: Chart['marks'][number][] }>();
    for (const { name, x, y } of own) {
      if (x.length < 2 || !isDrawn(name)) continue; // one point is a number, not a curve
      const { title, chart, unit } = metricStyle(name);
      const of = chart === 'Loss' ? (lossUnit ?? unit) : unit;
      const lines = chart === 'Bits per byte' ? baselines(tables) : [];
      const target = charts.get(chart) ?? { title: chart, stage, unit: of, curves: [], lines, marks: [] };
      charts.set(chart, target);
      target.curves.push({ title, ...thin({ x, y }) });
      for (const wire of tripped)
        if (wire.stage === stage && wire.metric === name) target.marks.push({ title: wire.name, x: wire.step });
    }
    return [...charts.values()].toSorted((a, b) => chartRank(a.title, online) - chartRank(b.title, online));
  });
};
