// A run: running, then done, failed or cancelled, once; cancel, an AbortSignal and an error end it on one path.
import type { Observable } from 'rxjs';
import { messageOf } from '../errors.js';
import type { Ending, RunEvent } from '../events.js';
import type { AnyRef, ValueOf } from '../kind.js';
import * as messages from '../messages.js';
import { checkMemory } from '../plan/estimate.js';
import { makePlan, type PlanContext } from '../plan/planner.js';
import { openLease } from '../store/lease.js';
import type { Executor } from './executor.js';
import { runLog } from './log.js';
import { doWork } from './work.js';

export type Refs = Readonly<Record<string, AnyRef>>;
export type Results<Out extends Refs> = { readonly [K in keyof Out]: ValueOf<Out[K]['kind']> };
export type State = 'running' | Ending;

export interface Run<Out extends Refs> {
  readonly state: State;
  /** The log: history first, then live. It never errors: the last event tells how the run ended. Looking away does not cancel. */
  readonly events: Observable<RunEvent>;
  /** Always the same promise. Rejects with `cancelled`, or with the first stage's failure when the other branches have ended. */
  result(): Promise<Results<Out>>;
  /** Ends the run for good; resolves in `result` and in the log when every stage's own `finally` has run. */
  cancel(reason?: string): void;
}

/** Starts the work and returns the run. */
export const startRun = <Out extends Refs>(
  context: PlanContext & { readonly outputs: Out },
  {
    executor,
    signal: outer,
    memory,
  }: { readonly executor: Executor; readonly signal?: AbortSignal | undefined; readonly memory?: number | undefined },
): Run<Out> => {
  const { pipeline, store, outputs } = context;
  const log = runLog();
  const abort = new AbortController();
  let state: State = 'running';
  const cancel = (reason = 'the caller said so') => {
    if (state === 'running' && !abort.signal.aborted) abort.abort(messages.cancelled(pipeline, reason));
  };
  const follow = () => cancel(messageOf(outer?.reason));
  if (outer?.aborted) follow();
  else outer?.addEventListener('abort', follow, { once: true });

  const work = async (): Promise<Results<Out>> => {
    abort.signal.throwIfAborted();
    await store.open();
    const rows = await makePlan(context);
    if (memory !== undefined)
      for (const row of rows) checkMemory(`Stage '${row.id}' of pipeline '${pipeline}'`, row.estimate, memory);
    log.say({ type: 'run-start', pipeline, rows });
    const lease = await openLease(store);
    try {
      await lease.use(rows.filter((row) => row.hit || row.runs).map((row) => row.key));
      const open = await doWork({ context, rows, executor, lease, signal: abort.signal, memory, say: log.say });
      const results = Object.entries(outputs).map(async ([name, ref]) => [name, await open(ref)] as const);
      return Object.fromEntries(await Promise.all(results)) as Results<Out>;
    } finally {
      await lease.end();
    }
  };
  const end = (ending: Ending, why?: string) => {
    state = ending;
    outer?.removeEventListener('abort', follow);
    log.say({ type: 'run-end', ending, ...(why === undefined ? {} : { why }) });
    log.close();
  };
  const result = work().then(
    (results) => (end('done'), results),
    (error: unknown) => {
      end(abort.signal.aborted ? 'cancelled' : 'failed', messageOf(error));
      throw error;
    },
  );
  result.catch(() => {}); // a caller that only watches must not crash the process
  return {
    get state() {
      return state;
    },
    events: log.events,
    result: () => result,
    cancel,
  };
};
