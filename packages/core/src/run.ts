// A run: idle → running → done, failed or cancelled, once, with an append-only log that every watcher reads.
import { setImmediate as breathe } from 'node:timers/promises';
import { Observable, Subject } from 'rxjs';
import type { AnyRef, ValueOf } from './artifacts.js';
import type { Json } from './codec.js';
import { IngotError } from './errors.js';
import type { Ending, RunEvent, StageEvent } from './events.js';
import type { Node } from './graph.js';
import { made } from './parts.js';
import type { PlanRow } from './plan.js';
import type { Services } from './services.js';
import type { Checkpoint } from './stages.js';
import { artifactAt, checkpointAt, latestAt, type Store, type Stored } from './store.js';

export type Refs = Readonly<Record<string, AnyRef>>;
export type Results<Out extends Refs> = { readonly [K in keyof Out]: ValueOf<Out[K]['kind']> };
export type State = 'idle' | 'running' | Ending;

export interface Run<Out extends Refs> {
  readonly state: State;
  /** The log: history first, then live. It never errors: the last event tells how the run ended. */
  readonly events: Observable<RunEvent>;
  /** Starts the run unless it started; always the same promise. */
  result(): Promise<Results<Out>>;
  /** Looking away (unsubscribing) does not cancel; this does, for good. */
  cancel(reason?: string): void;
}
export interface RunOptions { readonly store: Store; readonly signal?: AbortSignal; readonly seed: number }

export class PipelineRun<Out extends Refs> implements Run<Out> {
  state: State = 'idle';
  readonly #log: RunEvent[] = [];
  readonly #live = new Subject<RunEvent>();
  readonly #abort = new AbortController();
  #result: Promise<Results<Out>> | undefined;

  constructor(readonly pipeline: string, readonly nodes: ReadonlyMap<string, Node>, readonly outputs: Out, readonly services: Services, readonly plan: () => Promise<readonly PlanRow[]>, readonly options: RunOptions) {
    const { signal } = options;
    if (signal?.aborted) this.cancel(String(signal.reason));
    else signal?.addEventListener('abort', () => this.cancel(String(signal.reason)), { once: true, signal: this.#abort.signal });
  }

  readonly events = new Observable<RunEvent>((watcher) => {
    for (let i = 0; i < this.#log.length; i++) watcher.next(this.#log[i]!);
    const watching = this.#live.subscribe(watcher);
    void this.result().catch(() => {});
    return watching;
  });
  result(): Promise<Results<Out>> { return (this.#result ??= this.#start()); }
  cancel(reason = 'cancelled by the caller'): void {
    if (this.state === 'done' || this.state === 'failed' || this.state === 'cancelled') return;
    this.#abort.abort(new IngotError('cancelled', `Run of '${this.pipeline}' was cancelled: ${reason}.`));
    if (this.state === 'idle') { this.#result = Promise.reject(this.#abort.signal.reason); this.#result.catch(() => {}); this.#end('cancelled', reason); }
  }

  #say(event: RunEvent): void { this.#log.push(event); this.#live.next(event); }
  #end(ending: Ending, why?: string): void { this.state = ending; this.#say({ type: 'run-end', ending, ...(why === undefined ? {} : { why }) }); this.#live.complete(); }

  async #start(): Promise<Results<Out>> {
    this.state = 'running';
    const kept = new Map<string, Stored>();
    const valueOf = (ref: AnyRef) => kept.get(ref.stage)!.outputs[ref.port];
    try {
      for (const row of await this.plan()) kept.set(row.id, await this.#produce(this.nodes.get(row.id)!, row, valueOf));
      this.#end('done');
      return Object.fromEntries(Object.entries(this.outputs).map(([name, ref]) => [name, valueOf(ref)])) as Results<Out>;
    } catch (error) {
      this.#end(this.#abort.signal.aborted ? 'cancelled' : 'failed', (error as Error).message);
      throw error;
    }
  }
  async #produce({ id, stage, inputs, options, view }: Node, { key, material }: PlanRow, valueOf: (ref: AnyRef) => unknown): Promise<Stored> {
    const { store, seed } = this.options;
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const hit = (await store.get(artifactAt(key))) as Stored | undefined;
    if (hit) {
      this.#say({ type: 'stage-cached', stage: id, key });
      for (const event of hit.events) this.#say({ ...event, stage: id, replayed: true });
      return hit;
    }
    const began = performance.now();
    this.#say({ type: 'stage-start', stage: id, key });
    const checkpoint: Checkpoint = {
      load: async () => { const state = await store.get(checkpointAt(key)) as { meta: Json; blobs: Record<string, Uint8Array> } | undefined; return state === undefined ? undefined : { meta: state.meta, blob: async (name) => state.blobs[name]! }; },
      save: (meta, blobs = {}) => store.put(checkpointAt(key), { meta, blobs }),
    };
    const steps = stage.run({
      inputs: Object.fromEntries(Object.entries(inputs).map(([port, ref]) => [port, Array.isArray(ref) ? ref.map(valueOf) : valueOf(ref as AnyRef)])),
      options: await made(options, (needs) => this.services.resolve(needs)), view, services: await this.services.resolve(stage.needs), seed, signal, checkpoint,
    } as never);
    const events: StageEvent[] = [];
    try {
      for (;;) {
        const step = await steps.next();
        signal.throwIfAborted();
        if (step.done) {
          const outputs = step.value as Record<string, unknown>;
          for (const port of Object.keys(stage.outputs)) if (outputs?.[port] === undefined) throw new IngotError('stage-failed', `Stage '${id}' returned no '${port}'.`);
          await store.put(artifactAt(key), { outputs, events } satisfies Stored);
          await store.put(latestAt(this.pipeline, id), material);
          this.#say({ type: 'stage-end', stage: id, key, milliseconds: performance.now() - began });
          return { outputs, events };
        }
        events.push(step.value);
        this.#say({ ...step.value, stage: id, replayed: false });
        await breathe(); // one turn of the loop, so that a cancel can arrive between two synchronous steps
      }
    } catch (error) {
      if (signal.aborted || IngotError.is(error)) throw error;
      throw new IngotError('stage-failed', `Stage '${id}' of pipeline '${this.pipeline}' failed: ${(error as Error).message}`, { cause: error });
    } finally { await steps.return(undefined as never); } // the author's own finally runs on every path
  }
}
