// Adapter training: the model stays, its adapter learns, and the model with the adapter off is the reference, at no cost.
import { ParameterTree, plainWeights, type Tensor } from '@ingot/tensor';
import { adapterValue } from './adapter.js';
import { adapterSet } from './adapter-set.js';
import type { DropoutPlace } from './low-rank.js';
import type { OpenedModel } from './open-policy.js';
import type { Policy } from './policy.js';
import { resultOf } from './result-of.js';
import type { AdapterOptions } from './trainable-options.js';

const NAME = 'default';

/**
 * A policy over an adapter. In memory stand the model once, and of A and B (with DoRA the magnitudes, and saved modules) parameters, gradients and
 * the optimiser's moments: with AdamW 16 bytes a number, Σ rank·(in + out) numbers, where full training holds 16·Σ in·out.
 * Throws `bad-options` for what `planAdapter` refuses.
 */
export function adapterPolicy(opened: OpenedModel, options: AdapterOptions): Policy {
  const { device, family, model, seed, base, added } = opened;
  const { design } = model;
  for (const parameter of base.values()) parameter.trainable = false;
  const all = ParameterTree.of(device, [...base.values(), ...added.values()]);
  const set = adapterSet({ device, family, design, weights: plainWeights(all) }, all, { seed });
  const adapter = set.add(NAME, options);
  const parameters = ParameterTree.of(device, [...adapter.parameters.values(), ...added.values()]);
  let place: DropoutPlace | undefined;
  return {
    live: set.use(NAME, () => place),
    still: set.use(NAME),
    reference: set.use(),
    parameters,
    counts: { trainable: parameters.bytes / 4, all: (all.bytes + adapter.parameters.bytes) / 4 },
    at(step, firstRow) {
      place = { step, firstRow };
    },
    result: () => ({
      ...resultOf(
        model,
        all,
        new Map<string, Tensor | (() => Tensor)>([
          ...set.merged(NAME),
          ...added.values().map((one) => [one.name, one] as const),
        ]),
      ),
      adapter: adapterValue(family.name, adapter),
    }),
    adapter: () => adapterValue(family.name, adapter),
    dispose() {
      set.dispose();
      all.dispose();
    },
  };
}
