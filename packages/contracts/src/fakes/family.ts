// A family small enough to read at a glance: each position is a function of its own id, so it is causal by construction.
import { add } from '@ingot/tensor';
import * as z from 'zod';
import { Family, type FamilyValue } from '../family.js';

const Config = z.strictObject({ width: z.int().positive() });
const normal = { kind: 'normal', std: 0.02 } as const;

/** h = LayerNorm(e + W·e) with e the embedding of the id, (B, T) -> (B, T, C); the head is tied. */
export const fakeFamily: FamilyValue = {
  name: 'fake',
  version: 1,
  parameters: ({ config, vocabSize }) => {
    const { width } = Config.parse(config);
    return [
      { name: 'wte.weight', shape: [vocabSize, width], init: normal },
      { name: 'mix.weight', shape: [width, width], init: normal },
      { name: 'mix.bias', shape: [width], init: { kind: 'zeros' } },
      { name: 'norm.weight', shape: [width], init: { kind: 'ones' } },
      { name: 'norm.bias', shape: [width], init: { kind: 'zeros' } },
    ];
  },
  head: () => 'wte',
  forward: (_design, weights, ids) => {
    const embedded = weights.embedding('wte', ids);
    return weights.layerNorm('norm', add(embedded, weights.linear('mix', embedded, { gelu: 'erf' })), 1e-5);
  },
  cache: () => ({ layers: 0, width: 0 }),
  estimate: (design, batch, length) => {
    const parameters = fakeFamily
      .parameters(design)
      .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    return {
      parameters,
      flopsPerToken: 6 * parameters,
      trainingBytes: 16 * parameters + 4 * batch * length * design.vocabSize,
    };
  },
};
/** The family as a part named `fake`. */
export const fakeFamilyPart = Family.part({
  name: 'fake',
  version: 1,
  options: z.strictObject({}),
  make: () => fakeFamily,
});
