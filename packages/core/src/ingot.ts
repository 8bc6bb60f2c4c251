// Puts it together: plugins in, pipelines out.
import type { Observable } from 'rxjs';
import type { Graph, PartsOf, StagesOf } from './graph.js';
import { makePlan, placesOf } from './plan/planner.js';
import type { PlanRow } from './plan/plan-row.js';
import type { Plugin } from './plugin.js';
import { parseRecipe, wireRecipe } from './recipe.js';
import { recipeSchema } from './recipe-schema.js';
import type { Executor } from './run/executor.js';
import { inlineExecutor } from './run/inline-executor.js';
import { replayStep, type Replay, type ReplayOptions } from './run/replay.js';
import { startRun, type Refs, type Run } from './run/run.js';
import { observeRuns } from './run/watch.js';
import type { Opened, WatchedRun, WatchHow } from './run/watch-session.js';
import { memoryStore } from './store/memory-store.js';
import type { Store } from './store/store.js';
import type { AnyPart } from './part.js';
import type { AnyStage } from './stage.js';
import type { Bind, Injected, Needs } from './token.js';
import { wiring, type Nodes } from './wiring.js';
import { makeWorld } from './world.js';

export interface RunOptions {
  /** A new memory store by default. */
  readonly store?: Store;
  readonly signal?: AbortSignal;
  /** In this process by default. */
  readonly executor?: Executor;
  /** Bytes that one stage may need: a stage that predicts more is refused before any work, or, when it can say only after others have run, before it starts. No limit by default. */
  readonly memory?: number;
  /** What stands for "this time" in the keys of volatile stages: plans and runs that give the same one read an endpoint once. */
  readonly once?: string;
}
/** How to watch, and how its runs run. */
export interface WatchOptions extends Omit<RunOptions, 'once'>, WatchHow {}
export interface Pipeline<Out extends Refs> {
  readonly name: string;
  /** Every stage, its key, hit or miss and why, what it will cost; before any work. Throws what keeps the plan from being valid. */
  plan(options?: Pick<RunOptions, 'store' | 'once'>): Promise<readonly PlanRow[]>;
  /** Starts now. */
  run(options?: RunOptions): Run<Out>;
  /** The files and folders that its sources read, by stage. */
  watches(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** A run now, and another whenever a file that its sources read changes what the plan says; unsubscribing cancels the run under way. */
  watch(options?: WatchOptions): Observable<WatchedRun<Out>>;
  /** Does one step of a training stage again, and writes nothing. Throws what keeps the stage from being replayed. */
  replay(options: ReplayOptions): Promise<Replay>;
}
export interface Ingot<P extends readonly Plugin[]> {
  /** Wires a pipeline; `seed` is 0 by default. Throws what `g.add` refuses. */
  pipeline<const Out extends Refs>(
    name: string,
    wire: (g: Graph<StagesOf<P>, PartsOf<P>>) => Out,
    options?: { readonly seed?: number },
  ): Pipeline<Out>;
  /** The same from data, parsed YAML or JSON. Throws `bad-recipe` and what `g.add` refuses. */
  fromRecipe(data: unknown): Pipeline<Refs>;
  /** JSON Schema of the recipes that these plugins allow, for editors. */
  recipeSchema(): object;
  /** Everything that is installed. */
  readonly stages: readonly AnyStage[];
  readonly parts: readonly AnyPart[];
  /** Services, for programs beside the graph. */
  resolve<N extends Needs>(needs: N): Promise<Injected<N>>;
  /** Frees the services that were made. */
  dispose(): Promise<void>;
}

/**
 * The same as `pipeline.watch`, of a pipeline that is opened anew for each plan: from a recipe file that may have changed.
 * What `open` throws is told as a note, and watching goes on. `started` sees each run with what it was opened from.
 */
export const watchPipelines = <Out extends Refs, O extends Opened<Pipeline<Out>>>(
  open: () => Promise<O>,
  { store = memoryStore(), executor, memory, ...rest }: WatchOptions = {},
  started?: (run: WatchedRun<Out>, opened: O) => void,
): Observable<WatchedRun<Out>> =>
  observeRuns({
    ...rest,
    store,
    open,
    how: { ...(executor ? { executor } : {}), ...(memory === undefined ? {} : { memory }) },
    ...(started ? { emit: started } : {}),
  });

/** Installs plugins; `services` are the application's own bindings, which may replace a plugin's. Throws `duplicate`, `bad-plugin`, `two-cores`. */
export const createIngot = <const P extends readonly Plugin[]>(given: {
  readonly plugins: P;
  readonly services?: (bind: Bind) => void;
}): Ingot<P> => {
  const world = makeWorld(given.plugins, given.services);
  const build = <Out extends Refs>(name: string, seed: number, nodes: Nodes, outputs: Out): Pipeline<Out> => {
    const context = (store: Store, once?: string) => ({ pipeline: name, nodes, outputs, world, seed, store, once });
    const pipeline: Pipeline<Out> = {
      name,
      plan: ({ store = memoryStore(), once } = {}) => makePlan(context(store, once)),
      run: ({ store = memoryStore(), executor = inlineExecutor(), signal, memory, once } = {}) =>
        startRun(context(store, once), { executor, signal, memory }),
      watches: () => placesOf(nodes),
      watch: (options) => watchPipelines(async () => ({ pipeline }), options),
      replay: (options) => replayStep(context(options.store), options),
    };
    return pipeline;
  };
  return {
    pipeline(name, wire, { seed = 0 } = {}) {
      const { add, nodes, checkOutputs } = wiring(name, world);
      const outputs = wire({ add } as never); // the one place where the untyped graph becomes the typed one
      checkOutputs(outputs);
      return build(name, seed, nodes, outputs);
    },
    fromRecipe(data) {
      const recipe = parseRecipe(data);
      const { add, nodes } = wiring(recipe.name, world);
      return build(recipe.name, recipe.seed, nodes, wireRecipe(recipe, add));
    },
    recipeSchema: () => recipeSchema([...world.stages.values()], [...world.parts.values()]),
    stages: [...world.stages.values()],
    parts: [...world.parts.values()],
    async resolve(needs) {
      world.services.reach(Object.values(needs), 'The application');
      return world.services.resolve(needs);
    },
    dispose: () => world.services.dispose(),
  };
};
