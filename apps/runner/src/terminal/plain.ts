// The plain view: one line a happening, for logs and pipes.
import type { RunEvent } from '@ingot/core';
import type { Io } from '../io.js';
import { metricStyle } from '../metrics.js';
import { duration, short } from './format.js';
import { renderTable } from './table.js';
import type { View } from './view.js';

/** 'loss 2.345 · lr 0.001', the first four values. */
export const metricLine = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values).slice(0, 4).map(([name, value]) => `${metricStyle(name).chart.toLowerCase()} ${short(value)}`).join(' · ');

/** Text of a sample in one paragraph, cut. */
export const excerpt = (text: string, length: number): string => {
  const flat = text.replace(/\s+/g, ' ').trim();
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
      if (!last && performance.now() - (spoken.get(stage) ?? -Infinity) < every) return;
      spoken.set(stage, performance.now());
      line(stage, `${total === undefined ? `step ${step}` : `step ${step} of ${total}`}: ${metricLine(values)}`);
    },
    sample: ({ stage, text, prompt }) => line(stage, `sample: ${excerpt(`${prompt ?? ''}${text}`, 200)}`),
    table: ({ stage, title, rows }) => line(stage, `${title}\n${renderTable(rows, false)}`),
    text: ({ stage, text }) => line(stage, text),
    warning: ({ stage, text }) => line(stage, `warning: ${text}`),
    checkpoint: ({ stage, step, label }) => line(stage, `checkpoint at step ${step}${label ? ` (${label})` : ''}`),
  };
  return {
    plan: (name, stages) => io.err(`${name}: ${stages.length} stages, ${stages.filter((s) => s.hit).length} kept in the store\n`),
    event: (event) => {
      if ('replayed' in event && event.replayed && event.type !== 'table') return; // its curves are in the report
      (say[event.type] as ((event: RunEvent) => void) | undefined)?.(event);
    },
    say: (text) => io.err(`${text}\n`),
    close: () => {},
  };
};
