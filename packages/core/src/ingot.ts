// Puts it together: plugins in, pipelines out.
import { IngotError } from './errors.js';
import { wiring, type Graph, type Node, type PartsOf, type StagesOf } from './graph.js';
import { made, one, ready, type AnyPart } from './parts.js';
import { makePlan, type PlanRow } from './plan.js';
import { parseRecipe, recipeSchema, wireRecipe } from './recipe.js';
import { PipelineRun, type Refs, type Run } from './run.js';
import { Installed, Services, type Bind } from './services.js';
import type { AnyStage, Plugin } from './stages.js';
import { memoryStore, type Executor, type Store } from './store.js';

export interface Pipeline<Out extends Refs> {
  readonly name: string;
  plan(options?: { readonly store?: Store }): Promise<readonly PlanRow[]>;
  /** Lazy: work starts at the first watcher of `events` or the first call of `result`. */
  run(options?: { readonly store?: Store; readonly signal?: AbortSignal; readonly executor?: Executor }): Run<Out>;
}
export interface Ingot<P extends readonly Plugin[]> {
  pipeline<const Out extends Refs>(name: string, wire: (g: Graph<StagesOf<P>, PartsOf<P>>) => Out, options?: { readonly seed?: number }): Pipeline<Out>;
  fromRecipe(data: unknown): Pipeline<Refs>;
  recipeSchema(): object;
  dispose(): Promise<void>;
}

export function createIngot<const P extends readonly Plugin[]>(given: { readonly plugins: P; readonly services?: (bind: Bind) => void }): Ingot<P> {
  const services = new Services();
  const owners = new Map<string, string>();
  const stages = new Map<string, AnyStage>();
  const parts = new Map<string, AnyPart>();
  const claim = (what: string, plugin: string) => {
    const owner = owners.get(what);
    if (owner !== undefined) throw new IngotError('duplicate', `${what} comes from plugin '${owner}' and from plugin '${plugin}'. Install one of the two.`);
    owners.set(what, plugin);
  };
  for (const plugin of given.plugins) {
    const label = plugin.version === undefined ? plugin.name : `${plugin.name}@${plugin.version}`;
    claim(`Plugin '${plugin.name}'`, label);
    for (const stage of plugin.stages ?? []) { claim(`Stage '${stage.name}'`, label); stages.set(stage.name, stage); }
    for (const part of plugin.parts ?? []) { claim(`The ${part.role} '${part.name}'`, label); parts.set(`${part.role}/${part.name}`, part); }
    plugin.services?.(services.binder(label));
  }
  services.binder('core').value(Installed, {
    names: (role) => [...parts.values()].filter((p) => p.role === role.role).map((p) => p.name).sort(),
    make: async (role, name, options = {}) => made(ready(await one(role).parseAsync({ use: name, ...options }), parts, 'Installed'), (needs) => services.resolve(needs)) as never,
  });
  given.services?.(services.binder('the application', true));

  const build = <Out extends Refs>(name: string, seed: number, nodes: ReadonlyMap<string, Node>, outputs: Out): Pipeline<Out> => {
    const plan = (store: Store) => makePlan(name, nodes, services, seed, store);
    return {
      name,
      plan: ({ store = memoryStore() } = {}) => plan(store),
      run: ({ store = memoryStore(), signal } = {}) => new PipelineRun(name, nodes, outputs, services, () => plan(store), { store, seed, ...(signal ? { signal } : {}) }),
    };
  };
  const fresh = (name: string) => wiring(name, stages, parts);
  return {
    pipeline(name, wire, { seed = 0 } = {}) {
      const { add, nodes } = fresh(name);
      return build(name, seed, nodes, wire({ add } as never)); // the one place where the untyped graph becomes the typed one
    },
    fromRecipe(data) {
      const recipe = parseRecipe(data);
      const { add, nodes } = fresh(recipe.name);
      return build(recipe.name, recipe.seed, nodes, wireRecipe(recipe, add));
    },
    recipeSchema: () => recipeSchema(stages.values(), [...parts.values()]),
    dispose: () => services.dispose(),
  };
}
