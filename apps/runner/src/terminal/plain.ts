// The plain view: one line a happening, for logs and pipes.
import type { RunEvent } from '@ingot/core';
import type { Io } from '../io.js';
import { isDrawn, metricStyle } from '../metrics.js';
import { rolloutsOf } from '../rollout-table.js';
import { tripwireOf } from '../tripwire-text.js';
import { duration, short } from './format.js';
import { rolloutsLine } from './rollouts-line.js';
import { renderEventTable } from './table.js';
import { tripwireLines } from './tripwire.js';
import type { View } from './view.js';

const HEADLINE = [
  'Loss',
  'Bits per byte',
  'Accuracy',
  'Margins',
  'Reward',
  'KL to the reference',
  'Likelihood displacement',
  'Throughput',
  'Learning rate',
  'Gradient norm',
];
/** Numbers of one line: what stands behind them is in the report. */
const MOST = 6;

/** 'loss 2.345 · 9.8K tokens/s · learning rate 0.001': the first metric of each headline chart; of others the first two. */
export const headline = (values: Readonly<Record<string, number>>): string => {
  const byChart = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const { chart, title } = metricStyle(name);
    if (!isDrawn(name) || byChart.has(chart)) continue;
    // Charts of one curve bear its name; loss and bits per byte are known by their charts'.
    const said = /^(?:train|validation|held out)$/.test(title) ? chart.toLowerCase() : title;
    byChart.set(chart, chart === 'Throughput' ? `${short(value)} tokens/s` : `${said} ${short(value)}`);
  }
  const known = HEADLINE.flatMap((chart) => byChart.get(chart) ?? []);
  return (known.length > 0 ? known.slice(0, MOST) : [...byChart.values()].slice(0, 2)).join(' · ');
};

/** Text of a sample in one paragraph, cut; without control characters, which could move the cursor. */
export const excerpt = (text: string, length: number): string => {
  const flat = text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
  return flat.length > length ? `${flat.slice(0, length - 1)}…` : flat;
};

/** Writes lines to the error stream; of metrics, one line in `every` milliseconds and stage. */
export const plainView = (io: Io, every = 5000): View => {
  const spoken = new Map<string, number>();
  const line = (stage: string, text: string) => io.err(`${stage.padEnd(10)} ${text}\n`);
  const say: { readonly [T in RunEvent['type']]?: (event: Extract<RunEvent, { type: T }>) => void } = {
    'stage-start': ({ stage }) => line(stage, 'started'),
    'stage-wait': ({ stage, why }) => line(stage, `waits: ${why}`),
    'stage-note': ({ stage, text }) => line(stage, text),
    'stage-skipped': ({ stage, why }) => line(stage, `skipped: ${why}`),
    'stage-cached': ({ stage }) => line(stage, 'kept in the store'),
    'stage-end': ({ stage, milliseconds }) => line(stage, `done in ${duration(milliseconds)}`),
    metric: ({ stage, step, total, values }) => {
      const last = step === total;
      const what = `${stage} ${'loss' in values ? 'step' : 'evaluation'}`; // an evaluation is not held back by the steps around it
      if (!last && performance.now() - (spoken.get(what) ?? -Infinity) < every) return;
      spoken.set(what, performance.now());
      line(stage, `${total === undefined ? `step ${step}` : `step ${step} of ${total}`}: ${headline(values)}`);
    },
    sample: ({ stage, text, prompt }) => line(stage, `sample: ${excerpt(`${prompt ?? ''}${text}`, 200)}`),
    table: ({ stage, title, rows, replayed }) => {
      const rollouts = rolloutsOf({ title, rows });
      if (!rollouts) return line(stage, `${title}\n${renderEventTable(rows, false)}`);
      const what = `${stage} rollouts ${rollouts.at}`; // they are in the report
      if (replayed || performance.now() - (spoken.get(what) ?? -Infinity) < every) return;
      spoken.set(what, performance.now());
      line(stage, rolloutsLine(rollouts));
    },
    text: ({ stage, text }) => line(stage, text),
    warning: ({ stage, text }) => {
      const wire = tripwireOf(text);
      line(stage, wire ? `warning:\n${tripwireLines(stage, wire, false)}` : `warning: ${text}`);
    },
    checkpoint: ({ stage, step, label }) => line(stage, `checkpoint at step ${step}${label ? ` (${label})` : ''}`),
  };
  return {
    plan: (name, stages) =>
      io.err(`${name}: ${stages.length} stages, ${stages.filter((s) => s.hit).length} kept in the store\n`),
    event: (event) => {
      if ('replayed' in event && event.replayed && event.type !== 'table') return; // its curves are in the report
      (say[event.type] as ((event: RunEvent) => void) | undefined)?.(event);
    },
    say: (text) => io.err(`${text}\n`),
    close: () => {},
  };
};
