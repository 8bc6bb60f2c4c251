// Run records on disk: <store>/runs/<id>/ with run.json, events.jsonl and report.html.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { IngotError, suggest } from '@ingot/core';
import type { RunLog, RunRecord, TimedEvent } from './record.js';

/** Writes through a temporary file, so that no reader sees half of it and a full disk leaves none. */
export const writeWhole = (path: string, content: string): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};

/** The folder of run records in a store. */
export const runsFolder = (store: string): string => join(store, 'runs');

/** '2026-11-24T08-15-02-moby-dick', made unique when two start in the same second. */
export const newRunId = (store: string, name: string, now: Date): string => {
  const base = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${name}`;
  let id = base;
  for (let n = 2; existsSync(join(runsFolder(store), id)); n++) id = `${base}-${n}`;
  return id;
};

/** Writes a run's record and appends its events in batches. A disk that refuses is told to `onTrouble` once; the run itself goes on. */
export class RunFolder {
  readonly path: string;
  #waiting = '';
  #troubled = false;
  #flushed = 0;

  constructor(
    store: string,
    readonly record: RunRecord,
    readonly onTrouble: (error: Error) => void,
  ) {
    this.path = join(runsFolder(store), record.id);
    this.#try(() => mkdirSync(this.path, { recursive: true }));
    this.save();
  }

  #try(write: () => void): void {
    if (this.#troubled) return;
    try {
      write();
    } catch (error) {
      this.#troubled = true;
      this.onTrouble(error as Error);
    }
  }

  /** Writes run.json anew. */
  save(): void {
    this.#try(() => writeWhole(join(this.path, 'run.json'), `${JSON.stringify(this.record, undefined, 2)}\n`));
  }

  /** Keeps an event; it is on disk within half a second of the next event, or at the next flush. */
  add(timed: TimedEvent): void {
    this.#waiting += `${JSON.stringify(timed)}\n`;
    if (performance.now() - this.#flushed > 500) this.flush();
  }

  /** Appends what waits. */
  flush(): void {
    this.#flushed = performance.now();
    const text = this.#waiting;
    this.#waiting = '';
    if (text) this.#try(() => appendFileSync(join(this.path, 'events.jsonl'), text));
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readRecord = (path: string): RunRecord => {
  const record = JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')) as RunRecord;
  return record.ending === 'running' && !alive(record.pid)
    ? { ...record, ending: 'failed', why: 'the process was killed' }
    : record;
};

/** All records of a store, oldest first; folders without a whole record are left out. */
export const listRuns = (store: string): RunRecord[] => {
  const folder = runsFolder(store);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((id) => existsSync(join(folder, id, 'run.json')))
    .map((id) => readRecord(join(folder, id)));
};

/** A run by its id, by a part of it that fits only one, or 'last'. Throws 'unknown-name' with near misses. */
export const openRun = (store: string, wanted: string): RunLog & { readonly path: string } => {
  const ids = listRuns(store).map((record) => record.id);
  const fitting =
    wanted === 'last' ? ids.slice(-1) : ids.includes(wanted) ? [wanted] : ids.filter((id) => id.includes(wanted));
  const [id] = fitting;
  if (id === undefined || fitting.length > 1) {
    const why =
      ids.length === 0
        ? ' The store holds no runs yet: start one with ingot run <recipe>.'
        : fitting.length > 1
          ? ` It fits ${fitting.join(', ')}: give more of the name.`
          : suggest(wanted, ids);
    throw new IngotError('unknown-name', `Run '${wanted}' of store '${store}': wanted one run.${why}`);
  }
  const path = join(runsFolder(store), id);
  const log = join(path, 'events.jsonl');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  const events = lines.flatMap((line): TimedEvent[] => {
    if (!line.endsWith('}')) return []; // the last line of a killed process may be cut
    return [JSON.parse(line) as TimedEvent];
  });
  return { record: readRecord(path), events, path };
};
