// One session of watching: open the pipeline, plan, run, wait for a change, plan again. Keys decide: a plan with the same keys is no news.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { messageOf } from '../errors.js';
import type { PlanRow } from '../plan/plan-row.js';
import type { Store } from '../store/store.js';
import { gatherChanges } from './changes.js';
import type { Refs, Run } from './run.js';
import { isInside, LEAST_QUIET, watchFiles, type FileWatcher } from './watch-files.js';

/** What a watch needs of a pipeline. */
export interface Watchable<Out extends Refs, How> {
  plan(options: { readonly store: Store; readonly once: string }): Promise<readonly PlanRow[]>;
  run(options: How & { readonly store: Store; readonly once: string }): Run<Out>;
  watches(): Promise<Readonly<Record<string, readonly string[]>>>;
}
/** A pipeline that was opened for watching, and how to free what it holds. */
export interface Opened<P> {
  readonly pipeline: P;
  /** Called when no run works on it any more. */
  close?(): Promise<void>;
}
/** Why a run was started. */
export interface Change {
  /** Files that changed since the last plan; none at the start. */
  readonly files: readonly string[];
  /** Stages whose keys are new, and those that are gone; at the start all. */
  readonly stages: readonly string[];
}
/** A run of a watch. */
export interface WatchedRun<Out extends Refs> extends Run<Out> {
  readonly change: Change;
  /** The plan that it follows. */
  readonly rows: readonly PlanRow[];
}
/** What a watch tells beside its runs. */
export type WatchNote =
  /** Something changed, and the plan is the same: the run under way goes on. */
  | { readonly type: 'unchanged'; readonly files: readonly string[] }
  /** The run under way is being cancelled for a new one. */
  | ({ readonly type: 'restart' } & Change)
  /** The recipe or an input is broken: the run under way goes on, and the watch waits for the next change. */
  | { readonly type: 'plan-failed'; readonly files: readonly string[]; readonly error: unknown }
  /** Changes may be missed. */
  | { readonly type: 'watch-failed'; readonly error: unknown };

/** How to watch. */
export interface WatchHow {
  /** Files beside those that the sources name: the recipe's own. */
  readonly paths?: readonly string[];
  /** Milliseconds without a change before it is planned again; 100 unless said, and with chokidar at least 60. */
  readonly debounce?: number;
  /** Another watcher of files than chokidar. */
  readonly watcher?: FileWatcher;
  /** Hears notes; without it a failure is a warning of the process. */
  readonly tell?: (note: WatchNote) => void;
}
export interface SessionContext<Out extends Refs, How, O extends Opened<Watchable<Out, How>>> extends WatchHow {
  readonly store: Store;
  readonly how: How;
  /** Opens the pipeline, anew for each plan: a recipe is read again here. */
  open(): Promise<O>;
  emit(run: WatchedRun<Out>, opened: O): void;
}
interface Last<Out extends Refs> {
  readonly run: Run<Out>;
  readonly keys: ReadonlyMap<string, string>;
  close(): Promise<void>;
  /** It did not end of itself, or failed at a source: the same plan is worth another try. */
  again: boolean;
}

const warn = (note: WatchNote): void => {
  if ('error' in note) process.emitWarning(`${messageOf(note.error)} (${note.type}; the watch goes on)`);
};
const differ = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] => [
  ...[...now.keys()].filter((id) => before.get(id) !== now.get(id)),
  ...[...before.keys()].filter((id) => !now.has(id)),
];

/** Watches until the signal aborts; resolves when the run under way has ended and nothing is watched any more. Throws what the store's `open` throws. */
export const watchSession = async <Out extends Refs, How, O extends Opened<Watchable<Out, How>>>(
  context: SessionContext<Out, How, O>,
  signal: AbortSignal,
): Promise<void> => {
  const { store, how, open, emit, paths = [], debounce = 100, watcher = watchFiles, tell = warn } = context;
  const once = randomUUID();
  const own = store.location === undefined ? undefined : resolve(store.location);
  const changes = gatherChanges(watcher === watchFiles ? Math.max(debounce, LEAST_QUIET) : debounce);
  const told = {
    // a store may lie in a folder that is watched, and a run writes there all the time
    changed: (path: string) => void (own !== undefined && isInside(path, own) ? undefined : changes.add(path)),
    failed: (error: unknown) => tell({ type: 'watch-failed', error }),
  };
  let last: Last<Out> | undefined;
  let closeFiles = async (): Promise<void> => {};
  /** The new watcher stands before the old one goes, so that no change falls between; made anew each time, because folders come and go. */
  const watchPlaces = async (more: readonly string[]) => {
    const places = [...new Set([...paths, ...more].map((place) => resolve(place)))].sort();
    try {
      const close = await watcher(places, told);
      await closeFiles();
      closeFiles = close;
    } catch (error) {
      told.failed(error);
    }
  };
  const endLast = async (reason: string) => {
    last?.run.cancel(reason);
    await last?.run.result().catch(() => {});
    await last?.close();
  };

  const start = (opened: O, sources: ReadonlySet<string>, rows: readonly PlanRow[], change: Change) => {
    const run = opened.pipeline.run({ ...how, store, once });
    let closed: Promise<void> | undefined;
    const next: Last<Out> = {
      run,
      keys: new Map(rows.map((row) => [row.id, row.key])),
      close: () => (closed ??= Promise.resolve(opened.close?.())),
      again: false,
    };
    last = next;
    run.events.subscribe((event) => {
      if (event.type !== 'stage-failed') return;
      const changed = event.code === 'source-changed';
      if (changed || sources.has(event.stage)) next.again = true;
      if (changed) changes.add(`the source of '${event.stage}'`); // whatever the watcher saw of it
    });
    emit(Object.assign(run, { change, rows }), opened);
  };

  /** Plans, and starts a run where the plan is another. */
  const plan = async (files: readonly string[]): Promise<void> => {
    let opened: O | undefined;
    const leave = () => opened?.close?.();
    try {
      opened = await open();
      const sources = await opened.pipeline.watches();
      await watchPlaces(Object.values(sources).flat());
      const rows = await opened.pipeline.plan({ store, once });
      if (signal.aborted) return await leave();
      const stages = differ(last?.keys ?? new Map(), new Map(rows.map((row) => [row.id, row.key])));
      if (last && stages.length === 0 && !last.again) {
        tell({ type: 'unchanged', files });
        return await leave();
      }
      if (last?.run.state === 'running') {
        tell({ type: 'restart', files, stages });
        last.again = true;
      }
      await endLast(files.length > 0 ? `${files.join(', ')} changed` : 'the plan changed');
      if (signal.aborted) return await leave();
      if (changes.pending) {
        await leave(); // it changed again while the run was ending: that plan is old
        return await plan([...new Set([...files, ...(await changes.next(signal))])]);
      }
      start(opened, new Set(Object.keys(sources)), rows, { files, stages });
    } catch (error) {
      await leave();
      if (!signal.aborted) tell({ type: 'plan-failed', files, error });
    }
  };

  try {
    await store.open();
    await watchPlaces([]);
    for (let files: readonly string[] = []; !signal.aborted; files = await changes.next(signal)) await plan(files);
  } finally {
    await closeFiles();
    await endLast(messageOf(signal.reason ?? 'the watch has ended'));
  }
};
