// The model that comes out of training: what moved is copied to the host, what did not is read from the model that went in.
import type { ModelValue } from '@ingot/contracts';
import { scope, type ParameterTree, type Tensor } from '@ingot/tensor';
import { modelFrom } from '../model-value.js';

/** A model of all parameters in `all`: those in `moved` (a tensor, or a function that makes one) copied now, those that the opened model lacks copied from `all`, the others read from the model. */
export function resultOf(
  model: ModelValue,
  all: ParameterTree,
  moved: ReadonlyMap<string, Tensor | (() => Tensor)>,
): ModelValue {
  const held = new Map<string, Float32Array>();
  for (const { name } of all.values()) {
    const from = moved.get(name) ?? (Object.hasOwn(model.tensors, name) ? undefined : all.get(name));
    if (from === undefined) continue;
    held.set(name, scope(() => (typeof from === 'function' ? from() : from).read()) as Float32Array);
  }
  return modelFrom(model.design, all.values(), (name) => held.get(name) ?? model.read(name));
}
