// A lock between processes that a killed holder cannot keep: the lock file names its process, and a dead one's is broken at once.
// A library that judges by heartbeats alone would take a holder for dead while it computes one long synchronous step.
import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { LockOptions } from './store.js';

const Holder = z.strictObject({ id: z.string(), pid: z.int(), host: z.string(), born: z.string() });
type Holder = z.output<typeof Holder>;

const POLL = 25;
const HEARTBEAT = 5_000;
/** On another host a process cannot be asked for: there silence is death. */
const SILENCE = 60_000;
/** A file that is not whole yet belongs to someone between two system calls. */
const HALF_WRITTEN = 2_000;

/** When a process was started, in the system's ticks: tells a process from a later one with its number. Empty where it cannot be known. */
const bornOf = (pid: number): string => {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? '');
  } catch {
    return '';
  }
};
const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** This process, as lock and lease files name it. */
export const thisProcess = (): Holder => ({
  id: randomUUID(),
  pid: process.pid,
  host: hostname(),
  born: bornOf(process.pid),
});

/** Whether the named process is gone; `silent` is milliseconds since its last heartbeat. */
export const isGone = (holder: Holder, silent: number): boolean => {
  if (holder.host !== hostname()) return silent > SILENCE;
  return !exists(holder.pid) || bornOf(holder.pid) !== holder.born;
};

const silence = async (path: string): Promise<number> => {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
};
/** Who a file names; undefined when it is gone, 'half' while it is being written. */
const read = async (path: string): Promise<Holder | 'half' | undefined> => {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'half';
  }
};
const create = async (path: string, holder: Holder): Promise<boolean> => {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(path, { force: true }).catch(() => {}); // made, but a full disk took no word of it: nobody need wait for it
    throw error;
  }
};

/** Removes a dead holder's file. The guard is named by the dead lock's id and the file is read again under it, so that a live successor's is never removed. */
const breakDead = async (path: string, dead: Holder | 'half'): Promise<void> => {
  const guard = `${path}.${dead === 'half' ? 'half' : dead.id}`;
  if (!(await create(guard, thisProcess()))) {
    if ((await silence(guard)) > HALF_WRITTEN) await rm(guard, { force: true });
    return;
  }
  try {
    const now = await read(path);
    const same =
      dead === 'half' ? now === 'half' && (await silence(path)) > HALF_WRITTEN : now !== 'half' && now?.id === dead.id;
    if (same) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
};

/** Waits until this process holds the lock at `path`; returns what frees it. Throws the signal's reason when it is aborted. */
export const lockFile = async (path: string, { signal, onWait }: LockOptions = {}): Promise<() => Promise<void>> => {
  const holder = thisProcess();
  let told = false;
  while (!(await create(path, holder))) {
    signal?.throwIfAborted();
    const other = await read(path);
    const silent = await silence(path);
    if (other !== undefined && (other === 'half' ? silent > HALF_WRITTEN : isGone(other, silent))) {
      await breakDead(path, other);
      continue;
    }
    if (!told && other !== undefined && other !== 'half') {
      told = true;
      onWait?.(
        other.pid === process.pid
          ? 'another run of this process'
          : `process ${other.pid}${other.host === hostname() ? '' : ` on ${other.host}`}`,
      );
    }
    await sleep(POLL * (0.75 + Math.random() / 2), undefined, signal ? { signal } : {}).catch(() =>
      signal?.throwIfAborted(),
    );
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT).unref();
  return async () => {
    clearInterval(beat);
    const now = await read(path);
    if (now !== 'half' && now?.id === holder.id) await rm(path, { force: true });
  };
};
