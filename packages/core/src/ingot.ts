// Puts it together: plugins in, pipelines out.
import type { Graph, PartsOf, StagesOf } from './graph.js';
import { makePlan } from './plan/planner.js';
import type { PlanRow } from './plan/plan-row.js';
import type { Plugin } from './plugin.js';
import { parseRecipe, wireRecipe } from './recipe.js';
import { recipeSchema } from './recipe-schema.js';
import type { Executor } from './run/executor.js';
import { inlineExecutor } from './run/inline-executor.js';
import { startRun, type Refs, type Run } from './run/run.js';
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
}
export interface Pipeline<Out extends Refs> {
  readonly name: string;
  /** Every stage, its key, hit or miss and why, what it will cost; before any work. Throws what keeps the plan from being valid. */
  plan(options?: Pick<RunOptions, 'store'>): Promise<readonly PlanRow[]>;
  /** Starts now. */
  run(options?: RunOptions): Run<Out>;
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

/** Installs plugins; `services` are the application's own bindings, which may replace a plugin's. Throws `duplicate`, `bad-plugin`, `two-cores`. */
export const createIngot = <const P extends readonly Plugin[]>(given: {
  readonly plugins: P;
  readonly services?: (bind: Bind) => void;
}): Ingot<P> => {
  const world = makeWorld(given.plugins, given.services);
  const build = <Out extends Refs>(name: string, seed: number, nodes: Nodes, outputs: Out): Pipeline<Out> => {
    const context = (store: Store) => ({ pipeline: name, nodes, outputs, world, seed, store });
    return {
      name,
      plan: ({ store = memoryStore() } = {}) => makePlan(context(store)),
      run: ({ store = memoryStore(), executor = inlineExecutor(), signal, memory } = {}) =>
        startRun(context(store), { executor, signal, memory }),
    };
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
