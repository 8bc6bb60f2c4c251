// Several adapters by name over one model: views of it with any of them on, and the merging of them into its weights.
import { IngotError, suggest } from '@ingot/core';
import type { AdapterValue, LiveModel } from '@ingot/contracts';
import { scope, type ParameterTree, type Tensor, type Weights } from '@ingot/tensor';
import * as z from 'zod';
import { adaptedModel } from './adapted-model.js';
import { adaptedWeights, type Chosen } from './adapted-weights.js';
import { freshAdapter, loadedAdapter, type Adapter } from './adapter.js';
import { planAdapter } from './adapter-plan.js';
import { mergedWeight, type DropoutPlace } from './low-rank.js';
import { adapterOptions } from './trainable-options.js';

/** One adapter by name, several with how much of each, or none. */
export type AdapterChoice = string | Readonly<Record<string, number>> | undefined;

export interface AdapterSet {
  readonly names: readonly string[];
  /** A fresh adapter, which is the identity. Throws `bad-options` for what does not fit the model, and for a name that is taken. */
  add(name: string, options?: z.input<typeof adapterOptions>): Adapter;
  /** One from an artifact; it stays as it is unless `trainable` is set. Throws `bad-value` when it does not fit the model. */
  load(name: string, value: AdapterValue, how?: { readonly trainable?: boolean }): Promise<Adapter>;
  /** The model with these adapters on; without a choice the model as it was, bit for bit. Views share all weights, and any number of them may be used side by side. */
  use(choice?: AdapterChoice, place?: () => DropoutPlace | undefined): LiveModel;
  /** What these adapters make of the model's own tensors, by name: functions that make them, to be called within a scope. */
  merged(choice: AdapterChoice): ReadonlyMap<string, () => Tensor>;
  /** Writes them into the model's weights, whose present bits are kept on the host; the result is as fast as the model alone. Views from `use` may not run until `unmerge`: they throw `bad-state`. */
  merge(choice: AdapterChoice): LiveModel;
  /** Puts the kept bits back. */
  unmerge(): void;
  /** Frees the adapters, not the model. */
  dispose(): void;
}

/** An empty set over a live model and the parameters behind it, which it neither changes (but by `merge`) nor disposes of. */
export function adapterSet(
  live: LiveModel,
  parameters: ParameterTree,
  { seed = 0 }: { readonly seed?: number } = {},
): AdapterSet {
  const { device, family } = live;
  const model = adaptedModel(live);
  const adapters = new Map<string, Adapter>();
  let kept: Map<string, Float32Array> | undefined;

  const place = (name: string) => {
    if (adapters.has(name))
      throw new IngotError('bad-options', `There is an adapter '${name}' already. Give the new one another name.`);
    return { device, model, base: parameters, name, seed, family: family.name };
  };
  const chosen = (choice: AdapterChoice): Chosen => {
    const shares = choice === undefined ? {} : typeof choice === 'string' ? { [choice]: 1 } : choice;
    const found = Object.entries(shares).map(([name, by]) => {
      const adapter = adapters.get(name);
      if (!adapter)
        throw new IngotError('unknown-name', `There is no adapter '${name}'.${suggest(name, [...adapters.keys()])}`);
      if (!Number.isFinite(by) || (by !== 1 && adapter.saved.size > 0))
        throw new IngotError(
          'bad-options',
          `The adapter '${name}' was asked for times ${by}. ${Number.isFinite(by) ? `It has modules that learnt whole (${adapter.config.saved.join(', ')}), so it is on or off` : 'Wanted a finite number'}: give 1, or leave it out.`,
        );
      return { adapter, by };
    });
    const modules = found.flatMap(({ adapter }) => adapter.config.saved);
    const twice = modules.find((name, i) => modules.indexOf(name) !== i);
    if (twice !== undefined)
      throw new IngotError(
        'bad-options',
        `Two of the adapters ${Object.keys(shares).join(', ')} trained the module '${twice}' whole; only one of them can be on.`,
      );
    return found;
  };
  const unmerged = guarded(live.weights, () => {
    if (kept)
      throw new IngotError(
        'bad-state',
        'An adapter is merged into the weights, so a view with adapters on or off would not be what it says. Call unmerge first.',
      );
  });
  const merged = (choice: AdapterChoice): Map<string, () => Tensor> => {
    const made = new Map<string, () => Tensor>();
    for (const { adapter, by } of chosen(choice)) {
      for (const [name, parameter] of adapter.saved) made.set(name, () => parameter.detach());
      for (const [name, layer] of adapter.layers) {
        const weight = `${name}.weight`;
        const base = parameters.get(weight);
        const before = made.get(weight);
        made.set(weight, () => mergedWeight(before ? before() : base, base, layer, by));
      }
    }
    return made;
  };
  const unmerge = (): void => {
    for (const [name, data] of kept ?? []) parameters.get(name).load(data);
    kept = undefined;
  };
  return {
    get names() {
      return [...adapters.keys()];
    },
    add(name, options = {}) {
      const config = planAdapter(model, adapterOptions.parse(options));
      const made = freshAdapter(place(name), config);
      adapters.set(name, made);
      return made;
    },
    async load(name, value, { trainable = false } = {}) {
      const made = await loadedAdapter(place(name), value);
      for (const parameter of made.parameters.values()) parameter.trainable = trainable;
      adapters.set(name, made);
      return made;
    },
    use: (choice, at = () => undefined) => ({
      ...live,
      weights: adaptedWeights({ weights: unmerged, parameters, place: at }, chosen(choice)),
    }),
    merged,
    merge(choice) {
      unmerge();
      const now = [...merged(choice)].map(([name, make]) => {
        const data = scope(() => make().read()) as Float32Array;
        return { parameter: parameters.get(name), data };
      });
      kept = new Map(now.map(({ parameter }) => [parameter.name, parameter.read() as Float32Array]));
      for (const { parameter, data } of now) parameter.load(data);
      return live;
    },
    unmerge,
    dispose() {
      for (const adapter of adapters.values()) adapter.dispose();
      adapters.clear();
    },
  };
}

/** The same weights behind a check. */
function guarded(weights: Weights, check: () => void): Weights {
  const checked = (): Weights => (check(), weights);
  return {
    linear: (name, x, how) => checked().linear(name, x, how),
    embedding: (name, ids) => checked().embedding(name, ids),
    layerNorm: (name, x, epsilon) => checked().layerNorm(name, x, epsilon),
    rmsNorm: (name, x, epsilon, how) => checked().rmsNorm(name, x, epsilon, how),
    crossEntropy: (name, x, targets) => checked().crossEntropy(name, x, targets),
    logits: (name, x) => checked().logits(name, x),
  };
}
