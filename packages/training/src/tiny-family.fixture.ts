// A family without attention, small enough to reason about: embedding, one linear layer, head. And a stream over given ids.
import type { DesignValue, FamilyValue, TokenStream } from '@ingot/contracts';

export const bigram: FamilyValue = {
  name: 'bigram',
  version: 1,
  parameters: ({ vocabSize }) => [
    { name: 'wte.weight', shape: [vocabSize, 8], init: { kind: 'normal', std: 0.5 } },
    { name: 'mix.weight', shape: [8, 8], init: { kind: 'normal', std: 0.5 } },
    { name: 'norm.weight', shape: [8], init: { kind: 'ones' } },
    { name: 'norm.bias', shape: [8], init: { kind: 'zeros' } },
    { name: 'head.weight', shape: [vocabSize, 8], init: { kind: 'normal', std: 0.5 } },
  ],
  head: () => 'head',
  forward: (_, weights, ids) =>
    weights.layerNorm('norm', weights.linear('mix', weights.embedding('wte', ids), { gelu: 'erf' }), 1e-5),
  cache: () => ({ layers: 1, width: 8 }),
  estimate: () => ({ parameters: 0, flopsPerToken: 0, trainingBytes: 0 }),
};
export const design: DesignValue = {
  family: 'bigram',
  version: 1,
  config: {},
  vocabSize: 11,
  context: 64,
  tokenizer: { json: {}, vocabSize: 11, digest: 'd' },
};

export const streamOf = (ids: Int32Array, bytes = ids.length): TokenStream => ({
  tokens: ids.length,
  bytes,
  documents: 1,
  read(start, count) {
    if (start < 0 || start + count > ids.length)
      throw new RangeError(`${start} + ${count} is outside of ${ids.length}`);
    return ids.slice(start, start + count);
  },
});
