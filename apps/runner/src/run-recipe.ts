// Runs a wired recipe: plan, record, view, Ctrl-C, report. `ingot run` and the main job both go through here.
import { relative } from 'node:path';
import type { PlanRow, RunEvent, Store } from '@ingot/core';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
import type { Io } from './io.js';
import { memoryLimit } from './memory-limit.js';
import { writeReport } from './report/write.js';
import { listRuns, newRunId, RunFolder } from './runs/folder.js';
import { madeOn } from './runs/made-on.js';
import type { RunRecord, TimedEvent } from './runs/record.js';
import type { OpenRecipe } from './session.js';
import { planRecords, asItWent } from './plan-records.js';
import { jsonView } from './terminal/json.js';
import { liveView } from './terminal/live.js';
import { plainView } from './terminal/plain.js';
import type { View } from './terminal/view.js';
import { machine, versions } from './versions.js';

/** What a run is given beside its recipe. */
export interface RunRequest {
  readonly open: OpenRecipe;
  readonly store: Store;
  readonly storePath: string;
  readonly json: boolean;
  /** Whether a stage that would not fit in memory is refused; it is, unless said. */
  readonly memoryGuard?: boolean;
  /** Sees every event, and may stop the run. */
  watch?(event: RunEvent, cancel: (reason: string) => void): void;
  /** A run that was started already, by a watch, with its plan; else it is planned and started here. */
  readonly started?: { readonly run: ReturnType<OpenRecipe['pipeline']['run']>; readonly rows: readonly PlanRow[] };
  /** Is given the view while it is open: what is said beside the run goes through it. */
  onView?(view: View): void;
  /** The command that starts this run, and continues it. */
  readonly command: string;
  readonly executor?: Parameters<OpenRecipe['pipeline']['run']>[0] extends infer O
    ? O extends { readonly executor?: infer E }
      ? E
      : never
    : never;
}
/** How a run ended, with everything that the last lines of a command need. */
export interface RunOutcome {
  readonly code: ExitCode;
  readonly record: RunRecord;
  readonly events: readonly TimedEvent[];
  /** Path of report.html; undefined when it could not be written. */
  readonly report: string | undefined;
  readonly error?: unknown;
}

const chooseView = (io: Io, json: boolean): View => (json ? jsonView(io) : io.tty ? liveView(io) : plainView(io));

const earlierTimes = (store: string): Record<string, number> =>
  Object.assign({}, ...listRuns(store).map((run) => run.took));

/**
 * Runs to the end and never rejects for a failing run: the outcome holds the error and the exit code.
 * Throws before any work what planning and opening the store throw.
 * The first Ctrl-C cancels, which saves; a second one ends the process.
 */
export const runRecipe = async (io: Io, request: RunRequest): Promise<RunOutcome> => {
  const { open, store, storePath, json, command } = request;
  const stages = planRecords(open, request.started?.rows ?? (await open.pipeline.plan({ store })), storePath);
  await store.open(); // a store that cannot be written, or is of a newer Ingot, is found before anything is written
  const began = performance.now();
  const now = new Date();
  const record: RunRecord = {
    id: newRunId(storePath, open.pipeline.name, now),
    name: open.pipeline.name,
    command,
    started: now.toISOString(),
    ending: 'running',
    pid: process.pid,
    seed: Number(open.recipe['seed'] ?? 0),
    recipe: open.recipe,
    stages,
    outputs: (open.recipe['outputs'] ?? {}) as Record<string, string>,
    took: earlierTimes(storePath),
    versions: versions(),
    machine: machine(),
  };
  const view = chooseView(io, json);
  const folder = new RunFolder(storePath, record, (error) =>
    view.say(`warning: the record of this run cannot be kept in ${storePath}: ${error.message}`),
  );
  const events: TimedEvent[] = [];
  view.plan(record.name, stages);
  request.onView?.(view);

  const run =
    request.started?.run ??
    open.pipeline.run({
      store,
      ...((request.memoryGuard ?? true) ? { memory: memoryLimit() } : {}),
      ...(request.executor ? { executor: request.executor } : {}),
    });
  let interrupts = 0;
  const stop = io.onInterrupt(() => {
    if (++interrupts > 1) {
      view.close();
      io.exit(EXIT.interrupted);
    }
    view.say('Stopping after this step and saving … (Ctrl-C again quits at once)');
    run.cancel('Ctrl-C');
  });
  let error: unknown;
  try {
    const watched = run.events.forEach((event: RunEvent) => {
      const timed = { at: Math.round(performance.now() - began), event };
      events.push(timed);
      folder.add(timed);
      record.stages = asItWent(record.stages, event);
      view.event(event);
      request.watch?.(event, (reason) => run.cancel(reason));
    });
    await run.result().catch((reason: unknown) => void (error = open.located(reason)));
    await watched;
  } finally {
    stop();
    view.close();
  }
  const end = events.at(-1)?.event;
  record.ending = end?.type === 'run-end' ? end.ending : 'failed';
  record.ended = new Date().toISOString();
  if (error !== undefined) record.why = (error as Error).message;
  const made = events.flatMap(({ event }) =>
    event.type === 'stage-end' ? [[event.key, event.milliseconds] as const] : [],
  );
  const keys = new Set(stages.map((stage) => stage.key));
  record.took = Object.fromEntries([...Object.entries(record.took), ...made].filter(([key]) => keys.has(key)));
  const device = await madeOn(store, keys);
  if (device !== undefined) record.machine = { ...record.machine, device };
  folder.flush();
  folder.save();
  const report = writeReport({ record, events }, folder.path, (trouble) =>
    io.err(`warning: the report cannot be written to ${shownPath(io, folder.path)}: ${trouble.message}\n`),
  );
  const code = error === undefined ? EXIT.ok : record.ending === 'cancelled' ? EXIT.interrupted : undefined;
  return { code: code ?? exitCodeOf(error), record, events, report, ...(error === undefined ? {} : { error }) };
};

/** A path as a person in the working folder would type it. */
export const shownPath = (io: Io, path: string): string => {
  const short = relative(io.cwd, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
};
