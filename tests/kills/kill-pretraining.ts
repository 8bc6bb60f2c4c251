// Kills a training process at random moments, starts it again, and compares what it ends in with a run that nobody disturbed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { philox4x32 } from '@ingot/tensor';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const child = fileURLToPath(new URL('kill-child.fixture.mjs', import.meta.url));

/** The child runs built packages, as a user's would. */
export function build(): void {
  const { status, stdout } = spawnSync('npx', ['tsc', '-b', 'packages/supervised', 'packages/model-gpt'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The packages do not build:\n${stdout}`);
}

export interface Ended {
  /** The child's last line, when it came to its end. */
  readonly done: string | undefined;
  readonly milliseconds: number;
  /** Steps that this process did itself. */
  readonly steps: readonly number[];
  readonly errors: string;
}
/** Runs the child on a store; SIGKILL after so many milliseconds, where they are given. */
export function runChild(store: string, killAfter?: number): Promise<Ended> {
  return new Promise((resolve) => {
    const began = performance.now();
    const process_ = spawn(process.execPath, [child, store], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    process_.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    process_.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const timer = killAfter === undefined ? undefined : setTimeout(() => process_.kill('SIGKILL'), killAfter);
    process_.on('close', () => {
      clearTimeout(timer);
      const lines = out.split('\n');
      resolve({
        done: lines.find((line) => line.startsWith('done ')),
        milliseconds: performance.now() - began,
        steps: lines.flatMap((line) => (line.startsWith('step ') ? [Number(line.slice(5))] : [])),
        errors,
      });
    });
  });
}

export interface KillReport {
  readonly kills: number;
  /** Runs that came to their end, after some kills each: digests of model and log. */
  readonly ends: readonly string[];
  /** Of the run that nobody disturbed. */
  readonly wanted: string;
  /** Steps that were done after a kill without starting from the first. */
  readonly resumed: number;
}
/** Kills at `kills` random moments, from the start of the process to its end; a store that is finished is replaced by a fresh one. */
export async function killMany(kills: number, seed: number): Promise<KillReport> {
  const folders: string[] = [];
  const fresh = () => {
    const folder = mkdtempSync(join(tmpdir(), 'ingot-kill-'));
    folders.push(folder);
    return folder;
  };
  try {
    const undisturbed = await runChild(fresh());
    if (undisturbed.done === undefined) throw new Error(`The child fails without a kill:\n${undisturbed.errors}`);
    const ends: string[] = [];
    let resumed = 0;
    let killed = 0;
    let store = fresh();
    while (killed < kills) {
      const [word] = philox4x32([killed, ends.length, 0, 0], [seed, 0]);
      const { done, steps, errors } = await runChild(store, (word / 2 ** 32) * undisturbed.milliseconds);
      if (done === undefined && errors.trim() !== '')
        throw new Error(`A child failed by itself after ${killed} kills:\n${errors}`);
      if (steps.length > 0 && steps[0]! > 1) resumed++;
      if (done === undefined) killed++;
      else {
        ends.push(done);
        store = fresh();
      }
    }
    const last = await runChild(store);
    ends.push(last.done ?? last.errors);
    return { kills: killed, ends, wanted: undisturbed.done, resumed };
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}
