// Reads a run's log into what the report shows: curves by chart, tables, samples, stages with their times.
import { chartsOf, type Chart, type Read } from './charts.js';
import { frontiersOf, type Frontier } from './frontier.js';
import { maskedOf, type Masked } from '../mask.js';
import { rolloutsOf, type Rollouts } from '../rollout-table.js';
import type { RunLog, StageRecord } from '../runs/record.js';
import { tripwireOf, type Tripped } from '../tripwire-text.js';

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
/** A tripwire that spoke, and in which stage. */
export interface TrippedIn extends Tripped {
  readonly stage: string;
}
/** Examples as a stage learns them. */
export interface MaskedTable {
  readonly stage: string;
  readonly title: string;
  readonly examples: readonly Masked[];
}
/** Answers of one step of a stage. */
export interface RolloutEntry extends Rollouts {
  readonly stage: string;
}
/** Everything that the page draws. */
export interface Gathered {
  readonly charts: readonly Chart[];
  readonly tables: readonly TableEntry[];
  readonly samples: readonly SampleEntry[];
  readonly stages: readonly StageOutcome[];
  readonly tripped: readonly TrippedIn[];
  readonly masked: readonly MaskedTable[];
  /** Stage by stage in the order of steps. */
  readonly rollouts: readonly RolloutEntry[];
  /** Two numbers of a stage against each other, such as reward against KL. */
  readonly frontiers: readonly Frontier[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** The last value of each metric, by stage and name. */
  readonly last: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly peak: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Bytes as training told them. */
  readonly memory: Readonly<Record<string, { readonly predicted?: number; readonly measured?: number }>>;
}

const hasBits = ({ rows }: TableEntry): boolean => rows.some((row) => 'bits per byte' in row);

/** Tuning says its memory in a table of one row of numbers. */
const isMemory = ({ title, rows }: TableEntry): boolean =>
  title === 'Memory' && rows.length === 1 && typeof rows[0]?.['measured'] === 'number';
const memoryRow = ({ stage, rows: [row] }: TableEntry) => {
  const { predicted, measured } = row ?? {};
  return [
    stage,
    {
      ...(typeof predicted === 'number' && { predicted }),
      ...(typeof measured === 'number' && { measured }),
    },
  ] as const;
};

/** Pretraining says it in a line of text, 'Peak memory: predicted 8.8 MB, measured 7.2 MB on the device': machine numbers must not enter the log as data, which a resumed run repeats to the bit. */
const memoryOf = (note: string): [string, { readonly predicted: number; readonly measured: number }][] => {
  const [, stage, predicted, measured] =
    /^([^:]+): Peak memory: predicted ([\d.]+) MB, measured ([\d.]+) MB/.exec(note) ?? [];
  return stage === undefined ? [] : [[stage, { predicted: Number(predicted) * 1e6, measured: Number(measured) * 1e6 }]];
};

/** Gathers a run's events. A stage that was kept replays its events, so its curves are whole. */
export const gather = ({ record, events }: RunLog): Gathered => {
  const curves = new Map<string, Read>();
  const tables: TableEntry[] = [];
  const samples: SampleEntry[] = [];
  const tripped: TrippedIn[] = [];
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
    else if (event.type === 'warning') {
      const wire = tripwireOf(event.text);
      if (wire) tripped.push({ stage, ...wire });
      else warnings.push(`${stage}: ${event.text}`);
    } else if (event.type === 'text') notes.push(`${stage}: ${event.text}`);
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
  const read = [...curves.values()];
  const charts = chartsOf(read, tables, tripped);
  const rollouts = tables.flatMap(({ stage, ...table }) => {
    const found = rolloutsOf(table);
    return found ? [{ stage, ...found }] : [];
  });
  const memory = Object.fromEntries([
    ...tables.filter(isMemory).map(memoryRow),
    ...notes.flatMap((note) => memoryOf(note)),
  ]);
  const masked = tables.flatMap(({ stage, title, rows }) => {
    const examples = maskedOf(rows);
    return examples ? [{ stage, title, examples }] : [];
  });
  const stages = record.stages.map((stage): StageOutcome => ({
    ...stage,
    ...(record.took[stage.key] === undefined ? {} : { milliseconds: record.took[stage.key] ?? 0 }),
    ...(states.get(stage.id) ?? { state: 'waiting' }),
  }));
  return {
    charts,
    tables: tables
      .filter((table) => !isMemory(table) && !maskedOf(table.rows) && !rolloutsOf(table))
      .toSorted((a, b) => Number(hasBits(b)) - Number(hasBits(a))),
    samples,
    stages,
    tripped,
    masked,
    rollouts: rollouts.toSorted((a, b) => a.step - b.step),
    frontiers: frontiersOf(read, tripped),
    warnings,
    notes,
    last,
    peak,
    memory,
  };
};
