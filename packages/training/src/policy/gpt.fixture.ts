// A GPT of one's own size for tests of adapters, with weights from a seed; its norms and biases are moved off 1 and 0.
import type { DesignValue, ModelValue } from '@ingot/contracts';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { normal, referenceDevice, type Device } from '@ingot/tensor';
import { initialParameters, namedKey } from '../initialise.js';
import { modelOfCopy } from '../model-value.js';

export const family = gptFamily;
export const designOf = (options: { readonly tied?: boolean; readonly bias?: boolean } = {}): DesignValue =>
  gptDesign({ layers: 2, heads: 2, width: 8, context: 16, ...options }, { json: {}, vocabSize: 13, digest: 'tiny' });

/** The model on the host; `device` is used and left empty. */
export function tinyModel(design = designOf(), device: Device = referenceDevice()): ModelValue {
  const tree = initialParameters(device, family.parameters(design), 5);
  for (const parameter of tree.values()) {
    const noise = normal(parameter.size, namedKey(9, parameter.name));
    const before = parameter.read() as Float32Array;
    parameter.load(before.map((x, i) => x + 0.2 * noise[i]!));
  }
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
}

/** All numbers of a model by name. */
export async function numbersOf(model: ModelValue): Promise<Record<string, number[]>> {
  const entries = Object.keys(model.tensors).map(
    async (name) => [name, [...(await model.read(name))]] as [string, number[]],
  );
  return Object.fromEntries(await Promise.all(entries));
}
