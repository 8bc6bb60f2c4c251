// The weights seam with adapters behind it: a model asks for its names as ever, and gets W·x + b and what the adapters add.
import {
  add,
  concat,
  gelu,
  linearCrossEntropy,
  ParameterTree,
  plainWeights,
  scope,
  type Parameter,
  type Tensor,
  type Weights,
} from '@ingot/tensor';
import type { Adapter } from './adapter.js';
import { narrowed, update, type DropoutPlace, type LowRank } from './low-rank.js';

/** Adapters that are on, and how much of each. */
export type Chosen = readonly { readonly adapter: Adapter; readonly by: number }[];

interface Part {
  readonly layer: LowRank;
  readonly by: number;
}

/** What stands under the adapters. */
export interface AdaptedOver {
  readonly weights: Weights;
  readonly parameters: ParameterTree;
  /** Where dropout stands; undefined outside of training. */
  readonly place: () => DropoutPlace | undefined;
}

/** The weights with the chosen adapters on; at most one of them may have saved a module. */
export function adaptedWeights({ weights, parameters, place }: AdaptedOver, chosen: Chosen): Weights {
  const saved = new Map<string, Parameter>(chosen.flatMap(({ adapter }) => [...adapter.saved]));
  const modules = new Set(chosen.flatMap(({ adapter }) => adapter.config.saved));
  const whole = plainWeights({
    has: (name) => saved.has(name),
    get: (name) => saved.get(name) ?? parameters.get(name),
  });
  const under = (name: string): Weights => (modules.has(name) ? whole : weights);
  const held = (name: string): Parameter => saved.get(name) ?? parameters.get(name);
  const parts = new Map<string, Part[]>();
  for (const { adapter, by } of chosen)
    for (const [name, layer] of adapter.layers) parts.set(name, [...(parts.get(name) ?? []), { layer, by }]);

  // A head has no bias, and no dropout: what it reads has no rows any more.
  const withUpdates = (name: string, x: Tensor, y: Tensor, head = false): Tensor => {
    const weight = held(`${name}.weight`);
    const bias = !head && parameters.has(`${name}.bias`) ? held(`${name}.bias`) : undefined;
    let out = y;
    for (const { layer, by } of parts.get(name) ?? [])
      out = add(out, update(layer, { x, y, weight, bias, by, place: head ? undefined : place() }));
    return out;
  };
  return {
    linear(name, x, how) {
      if (!parts.has(name)) return under(name).linear(name, x, how);
      return scope(() => {
        const out = withUpdates(name, x, under(name).linear(name, x));
        return how?.gelu === undefined ? out : gelu(out, how.gelu);
      });
    },
    embedding: (name, ids) => under(name).embedding(name, ids),
    layerNorm: (name, x, epsilon) => under(name).layerNorm(name, x, epsilon),
    rmsNorm: (name, x, epsilon, how) => under(name).rmsNorm(name, x, epsilon, how),
    logits: (name, x) =>
      parts.has(name)
        ? scope(() => withUpdates(name, x, under(name).logits(name, x), true))
        : under(name).logits(name, x),
    crossEntropy(name, x, targets) {
      const mine = parts.get(name);
      if (mine === undefined) return under(name).crossEntropy(name, x, targets);
      // [x, s·A·x]·[W, B]ᵀ: the loss is still taken without the full logits, at the price of one copy of W.
      return scope(() => {
        const lows = mine.map(({ layer, by }) => narrowed(layer, x, by));
        return linearCrossEntropy(
          concat([x, ...lows], 1), // (N, C + Σ rank)
          concat([held(`${name}.weight`), ...mine.map(({ layer }) => layer.b)], 1), // (V, C + Σ rank)
          targets,
        );
      });
    },
  };
}
