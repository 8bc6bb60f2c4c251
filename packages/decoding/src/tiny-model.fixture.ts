// A small attention model for tests: two blocks of norm and attention, random weights large enough that predictions are far from uniform.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import { add, attention, attentionCached, type Device, ParameterTree, referenceDevice, tensor } from '@ingot/tensor';
import { openModel, type OpenModel } from './open-model.js';

export const vocabSize = 13;
export const context = 24;
const width = 8;
const layers = 2;
const blocks = Array.from({ length: layers }, (_, layer) => `blocks.${layer}`);

export const tinyFamily: FamilyValue = {
  name: 'tiny',
  version: 1,
  parameters: () =>
    [
      { name: 'wte.weight', shape: [vocabSize, width] },
      { name: 'wpe.weight', shape: [context, width] },
      ...blocks.flatMap((name) => [
        { name: `${name}.norm.weight`, shape: [width] },
        { name: `${name}.qkv.weight`, shape: [3 * width, width] },
        { name: `${name}.projection.weight`, shape: [width, width] },
      ]),
      { name: 'norm.weight', shape: [width] },
    ].map((spec) => ({ ...spec, init: { kind: 'normal', std: 1 } as const })),
  head: () => 'wte',
  forward(_, weights, ids, { cache } = {}) {
    const [B, T] = ids.shape as [number, number];
    const starts = cache?.starts ?? new Array<number>(B).fill(0);
    const positions = tensor(
      ids.device,
      starts.flatMap((start) => Array.from({ length: T }, (__, i) => start + i)),
      [B, T],
      'i32',
    );
    let x = add(weights.embedding('wte', ids), weights.embedding('wpe', positions)); // (B, T, C)
    for (const [layer, name] of blocks.entries()) {
      const qkv = weights.linear(`${name}.qkv`, weights.layerNorm(`${name}.norm`, x, 1e-5)); // (B, T, 3C)
      const mixed = cache
        ? attentionCached(qkv, cache, layer, { heads: 2 })
        : attention(qkv, { heads: 2, causal: true });
      x = add(x, weights.linear(`${name}.projection`, mixed));
    }
    return weights.layerNorm('norm', x, 1e-5);
  },
  cache: () => ({ layers, width }),
  estimate: () => ({ parameters: 0, flopsPerToken: 0, trainingBytes: 0 }),
};

export const tinyDesign: DesignValue = {
  family: 'tiny',
  version: 1,
  config: {},
  vocabSize,
  context,
  tokenizer: { json: {}, vocabSize, digest: 'none' },
};

/** The model on its own device; dispose of `parameters` to free it. */
export function tinyModel(device: Device = referenceDevice()): OpenModel & { readonly parameters: ParameterTree } {
  const parameters = ParameterTree.create(device, tinyFamily.parameters(tinyDesign));
  for (const [i, parameter] of parameters.values().entries()) {
    const numbers = device.uniform(parameter.size, [7, i], 0);
    parameter.load((device.download(numbers) as Float32Array).map((u) => (u - 0.5) * 2.5));
    device.free(numbers);
  }
  return { ...openModel({ device, family: tinyFamily, design: tinyDesign, parameters }), parameters };
}

/** A prompt of that many ids, different for each `which`. */
export const promptOf = (length: number, which = 0): number[] =>
  Array.from({ length }, (_, i) => (i * i * 5 + 3 * which + i) % vocabSize);
