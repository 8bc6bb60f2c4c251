// The live view: the stages with what they did, a bar, the loss as a curve, speed and time left; redrawn in place.
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { RunEvent } from '@ingot/core';
import type { Io } from '../io.js';
import type { StageRecord } from '../runs/record.js';
import { rolloutsOf } from '../rollout-table.js';
import { tripwireOf } from '../tripwire-text.js';
import { duration } from './format.js';
import { headline } from './plain.js';
import { followSamples } from './said.js';
import { bar } from './sparkline.js';
import { renderEventTable } from './table.js';
import { tripwireLines } from './tripwire.js';
import { watch, watchedLines, type Series } from './watched.js';
import type { View } from './view.js';

interface Row {
  readonly id: string;
  state: 'waiting' | 'kept' | 'running' | 'done' | 'stopped' | 'skipped';
  waitsFor?: string;
  milliseconds?: number;
  began?: number;
  step: number;
  firstStep?: number;
  total?: number;
  values: Readonly<Record<string, number>>;
  readonly series: Series;
  /** Tripwires that spoke. */
  tripped: string[];
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** A view that redraws ten times a second at most. Permanent lines (samples, tables, warnings) scroll above it. */
export const liveView = (io: Io): View => {
  const c = pc.createColors(io.colours);
  const log = createLogUpdate(io.screen, { showCursor: false });
  const rows = new Map<string, Row>();
  const samples = followSamples();
  let frame = 0;
  let closed = false;

  const marks: { readonly [S in Row['state']]: () => string } = {
    waiting: () => c.dim('·'),
    kept: () => c.cyan('✓'),
    running: () => c.yellow(FRAMES[frame % FRAMES.length] ?? ''),
    done: () => c.green('✓'),
    stopped: () => c.red('✗'),
    skipped: () => c.dim('–'),
  };
  const words: { readonly [S in Row['state']]: (row: Row) => string } = {
    waiting: (row) => c.dim(row.waitsFor ?? 'waiting'),
    kept: () => c.dim('kept in the store'),
    running: (row) => c.dim(duration(performance.now() - (row.began ?? 0))),
    done: (row) => c.dim(duration(row.milliseconds ?? 0)),
    stopped: () => c.red('stopped'),
    skipped: () => c.dim('skipped'),
  };
  const progress = (row: Row, width: number): string[] => {
    if (row.total === undefined || row.step === 0) return [];
    const fraction = row.step / row.total;
    const since = row.step - (row.firstStep ?? 0);
    const told = row.values['etaSeconds'];
    const left =
      told !== undefined && Number.isFinite(told)
        ? told * 1000
        : since > 0
          ? ((performance.now() - (row.began ?? 0)) / since) * (row.total - row.step)
          : undefined;
    const counter = `${row.step}/${row.total}`;
    const tail = `${(100 * fraction).toFixed(0).padStart(3)}%  step ${counter}${left === undefined ? '' : `  ${duration(left)} left`}`;
    const lines = [`    ${c.cyan(bar(fraction, Math.max(10, Math.min(40, width - tail.length - 8))))} ${tail}`];
    const numbers = headline(row.values);
    if (numbers) lines.push(`    ${numbers}`);
    return [...lines, ...watchedLines(row.series, width, io.colours).map((line) => `    ${line}`)];
  };
  const render = (): string[] => {
    const width = io.columns();
    const longest = Math.max(8, ...[...rows.keys()].map((id) => stringWidth(id)));
    const lines = [...rows.values()].flatMap((row) => [
      `  ${marks[row.state]()} ${row.id.padEnd(longest)}  ${words[row.state](row)}${row.tripped.map((name) => ` ${c.bold(c.red(`⚠ ${name}`))}`).join('')}`,
      ...(row.state === 'running' ? progress(row, width) : []),
    ]);
    const said = closed ? [] : samples.lines(Math.max(20, width - 16));
    if (said.length > 0)
      lines.push(
        '',
        ...said.map(
          ([what, text]) =>
            `  ${c.dim(what.padEnd(Math.max(9, ...said.map(([name]) => name.length))))} ${c.italic(text)}`,
        ),
      );
    return lines;
  };
  let height = 0;
  const draw = () => {
    const lines = render();
    if (lines.length < height) log.clear(); // the library's partial redraw leaves lines behind when the picture shrinks
    height = lines.length;
    log(lines.join('\n'));
  };
  const timer = setInterval(() => {
    frame++;
    draw();
  }, 100);
  timer.unref();
  const above = (text: string) => log.persist(text);

  const take: { readonly [T in RunEvent['type']]?: (event: Extract<RunEvent, { type: T }>, row: Row) => void } = {
    'stage-start': (_event, row) => {
      row.state = 'running';
      row.began = performance.now();
    },
    'stage-wait': ({ why }, row) => void (row.waitsFor = why),
    'stage-note': ({ stage, text }) => above(`  ${c.dim(stage)} ${text}`),
    'stage-failed': (_event, row) => void (row.state = 'stopped'),
    'stage-skipped': (_event, row) => void (row.state = row.state === 'running' ? 'stopped' : 'skipped'),
    'stage-cached': (_event, row) => void (row.state = 'kept'),
    'stage-end': ({ milliseconds }, row) => {
      row.state = 'done';
      row.milliseconds = milliseconds;
    },
    metric: ({ step, total, values, replayed }, row) => {
      row.step = step;
      if (!replayed) row.firstStep ??= step - 1;
      if (replayed) row.began = performance.now();
      if (total !== undefined) row.total = total;
      row.values = { ...row.values, ...values };
      watch(row.series, values);
    },
    sample: ({ stage, ...said }, row) => samples.take(stage, said, row.step),
    table: ({ stage, title, rows: cells }) => {
      const rollouts = rolloutsOf({ title, rows: cells });
      if (rollouts) samples.takeRollouts(stage, rollouts);
      else above(`\n${c.bold(title)}\n${renderEventTable(cells, io.colours)}\n`);
    },
    text: ({ stage, text, replayed }) => {
      if (!replayed) above(`  ${c.dim(stage)} ${text}`);
    },
    warning: ({ stage, text, replayed }, row) => {
      const wire = tripwireOf(text);
      if (wire && !row.tripped.includes(wire.name)) row.tripped.push(wire.name);
      if (replayed) return;
      if (wire) above(tripwireLines(stage, wire, io.colours));
      else above(`  ${c.yellow('warning')} ${c.dim(stage)} ${text}`);
    },
  };
  return {
    plan(name, stages: readonly StageRecord[]) {
      above(
        `\n${c.bold(name)} ${c.dim(`${stages.length} stages, ${stages.filter((s) => s.hit).length} kept in the store`)}`,
      );
      for (const { id } of stages)
        rows.set(id, { id, state: 'waiting', step: 0, values: {}, series: new Map(), tripped: [] });
      draw();
    },
    event(event) {
      if (event.type === 'run-end') {
        for (const row of rows.values()) if (row.state === 'running') row.state = 'stopped';
        return;
      }
      const row = 'stage' in event ? rows.get(event.stage) : undefined;
      if (row) (take[event.type] as ((event: RunEvent, row: Row) => void) | undefined)?.(event, row);
    },
    say: above,
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      log.clear();
      log.done();
      io.err(`${render().join('\n')}\n\n`);
    },
  };
};
