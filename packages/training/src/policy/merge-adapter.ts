// A model with an adapter merged into it: W + s·B·A, or DoRA's form, and the saved modules in place of the model's own.
import { loadParameters, type AdapterValue, type FamilyValue, type ModelValue } from '@ingot/contracts';
import { plainWeights, scope, type Device } from '@ingot/tensor';
import { modelFrom } from '../model-value.js';
import { adapterSet } from './adapter-set.js';

/**
 * The merged model; tensors that the adapter does not change are read from the given one. The device is used and left as it was.
 * @throws IngotError `bad-value` when the adapter does not fit the model, and what `loadParameters` throws.
 */
export async function mergeAdapter({
  device,
  family,
  model,
  adapter,
}: {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly model: ModelValue;
  readonly adapter: AdapterValue;
}): Promise<ModelValue> {
  const { design } = model;
  const parameters = await loadParameters(device, family, model);
  try {
    for (const parameter of parameters.values()) parameter.trainable = false;
    const set = adapterSet({ device, family, design, weights: plainWeights(parameters) }, parameters);
    try {
      await set.load('merged', adapter);
      const made = [...set.merged('merged')];
      const held = new Map(made.map(([name, make]) => [name, scope(() => make().read()) as Float32Array]));
      const shapes = Object.entries(model.tensors).map(([name, { shape }]) => ({ name, shape }));
      return modelFrom(design, shapes, (name) => held.get(name) ?? model.read(name));
    } finally {
      set.dispose();
    }
  } finally {
    parameters.dispose();
  }
}
