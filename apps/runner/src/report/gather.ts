// Reads a run's log into what the report shows: curves by chart, tables, samples, stages with their times.
import { isDrawn, metricStyle } from '../metrics.js';
import type { RunLog, StageRecord } from '../runs/record.js';

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
}
/** A stage as it went. */
export interface StageOutcome extends StageRecord {
  readonly state: 'kept' | 'made' | 'stopped' | 'waiting';
  /** How long its making took, now or in the earlier run that made it. */
  readonly milliseconds?: number;
}
/** A text that a model made, and when. */
export interface SampleEntry {
  readonly stage: string;
  readonly step?: number;
  readonly prompt: string;
  readonly text: string;
}
/** A table as a stage told it. */
export interface TableEntry {
  readonly stage: string;
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}
/** Everything that the page draws. */
export interface Gathered {
  readonly charts: readonly Chart[];
  readonly tables: readonly TableEntry[];
  readonly samples: readonly SampleEntry[];
  readonly stages: readonly StageOutcome[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** The last value of each metric, by stage and name. */
  readonly last: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly peak: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Bytes as training told them. */
  readonly memory: Readonly<Record<string, { readonly predicted?: number; readonly measured?: number }>>;
}

const ORDER = ['Loss', 'Bits per byte', 'Learning rate', 'Gradient norm', 'Throughput', 'Memory'];
const rank = (title: string): number => (ORDER.includes(title) ? ORDER.indexOf(title) : ORDER.length);

/** At most this many points a curve: a screen shows no more, and a long run's page stays small. First and last are kept. */
const MOST_POINTS = 2000;
const thin = (curve: { x: number[]; y: number[] }): { x: number[]; y: number[] } => {
  const count = curve.x.length;
  if (count <= MOST_POINTS) return curve;
  const keep = Array.from({ length: MOST_POINTS }, (_, i) => Math.round((i * (count - 1)) / (MOST_POINTS - 1)));
  return { x: keep.map((i) => curve.x[i] ?? 0), y: keep.map((i) => curve.y[i] ?? 0) };
};

const hasBits = ({ rows }: TableEntry): boolean => rows.some((row) => 'bits per byte' in row);

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

/** Training says its memory in a line of text, 'Peak memory: predicted 8.8 MB, measured 7.2 MB on the device': machine numbers must not enter the log as data, which a resumed run repeats to the bit. */
const memoryOf = (note: string): [string, { readonly predicted: number; readonly measured: number }][] => {
  const [, stage, predicted, measured] =
    /^([^:]+): Peak memory: predicted ([\d.]+) MB, measured ([\d.]+) MB/.exec(note) ?? [];
  return stage === undefined ? [] : [[stage, { predicted: Number(predicted) * 1e6, measured: Number(measured) * 1e6 }]];
};

/** Gathers a run's events. A stage that was kept replays its events, so its curves are whole. */
export const gather = ({ record, events }: RunLog): Gathered => {
  const curves = new Map<string, { stage: string; name: string; x: number[]; y: number[] }>();
  const tables: TableEntry[] = [];
  const samples: SampleEntry[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  const steps = new Map<string, number>();
  const last: Record<string, Record<string, number>> = {};
  const peak: Record<string, Record<string, number>> = {};
  const states = new Map<string, { state: StageOutcome['state']; milliseconds?: number }>();
  for (const { event } of events) {
    if (!('stage' in event)) continue;
    const { stage } = event;
    if (event.type === 'stage-start') states.set(stage, { state: 'stopped' });
    else if (event.type === 'stage-cached') states.set(stage, { state: 'kept' });
    else if (event.type === 'stage-end') states.set(stage, { state: 'made', milliseconds: event.milliseconds });
    else if (event.type === 'table') tables.push({ stage, title: event.title, rows: event.rows });
    else if (event.type === 'sample')
      samples.push({
        stage,
        prompt: event.prompt ?? '',
        text: event.text,
        ...(steps.has(stage) ? { step: steps.get(stage) ?? 0 } : {}),
      });
    else if (event.type === 'stage-skipped') states.set(stage, states.get(stage) ?? { state: 'waiting' });
    else if (event.type === 'stage-failed') warnings.push(`${stage}: ${event.why}`);
    else if (event.type === 'stage-note') notes.push(`${stage}: ${event.text}`);
    else if (event.type === 'warning') warnings.push(`${stage}: ${event.text}`);
    else if (event.type === 'text') notes.push(`${stage}: ${event.text}`);
    else if (event.type === 'metric') {
      steps.set(stage, event.step);
      for (const [name, value] of Object.entries(event.values)) {
        const id = `${stage}\n${name}`;
        let curve = curves.get(id);
        if (!curve) curves.set(id, (curve = { stage, name, x: [], y: [] }));
        curve.x.push(event.step);
        curve.y.push(value);
        (last[stage] ??= {})[name] = value;
        const peaks = (peak[stage] ??= {});
        peaks[name] = Math.max(peaks[name] ?? -Infinity, value);
      }
    }
  }
  const charts = new Map<string, Chart & { curves: Curve[] }>();
  for (const { stage, name, x, y } of curves.values()) {
    if (x.length < 2 || !isDrawn(name)) continue; // one point is a number, not a curve
    const { title, chart, unit } = metricStyle(name);
    const id = `${stage}\n${chart}`;
    let target = charts.get(id);
    if (!target)
      charts.set(
        id,
        (target = { title: chart, stage, unit, curves: [], lines: chart === 'Bits per byte' ? baselines(tables) : [] }),
      );
    target.curves.push({ title, ...thin({ x, y }) });
  }
  const memory = Object.fromEntries(notes.flatMap((note) => memoryOf(note)));
  const stages = record.stages.map((stage): StageOutcome => ({
    ...stage,
    ...(record.took[stage.key] === undefined ? {} : { milliseconds: record.took[stage.key] ?? 0 }),
    ...(states.get(stage.id) ?? { state: 'waiting' }),
  }));
  return {
    charts: [...charts.values()].toSorted((a, b) => rank(a.title) - rank(b.title)),
    tables: tables

      .toSorted((a, b) => Number(hasBits(b)) - Number(hasBits(a))),
    samples,
    stages,
    warnings,
    notes,
    last,
    peak,
    memory,
  };
};
