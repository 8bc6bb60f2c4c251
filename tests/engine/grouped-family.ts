// A small Llama-like family for these tests: rope, rmsNorm, a gated MLP, and heads that share keys and values, within a window or under a cap.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import {
  add,
  attention,
  attentionCached,
  gated,
  rope,
  ropeFrequencies,
  ropeTable,
  scope,
  tensor,
  type HeadOptions,
} from '@ingot/tensor';

export interface GroupedConfig extends HeadOptions {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly hidden: number;
}
const EPSILON = 1e-5;
const configOf = (design: DesignValue): GroupedConfig => design.config as unknown as GroupedConfig;
const matrix = (name: string, outputs: number, inputs: number) => ({
  name: `${name}.weight`,
  shape: [outputs, inputs],
  init: { kind: 'normal', std: 1 / Math.sqrt(inputs) } as const,
});
const ones = (name: string, size: number) => ({
  name: `${name}.weight`,
  shape: [size],
  init: { kind: 'ones' } as const,
});

/** The family; a design of it comes from `groupedDesign`. */
export const groupedFamily: FamilyValue = {
  name: 'grouped',
  version: 1,
  parameters(design) {
    const { layers, heads, kvHeads, headSize, hidden } = configOf(design);
    const width = heads * headSize;
    return [
      matrix('wte', design.vocabSize, width),
      ...Array.from({ length: layers }, (_, i) => `blocks.${i}`).flatMap((block) => [
        ones(`${block}.norm1`, width),
        matrix(`${block}.attention.qkv`, (heads + 2 * kvHeads) * headSize, width),
        matrix(`${block}.attention.projection`, width, width),
        ones(`${block}.norm2`, width),
        matrix(`${block}.mlp.up`, 2 * hidden, width),
        matrix(`${block}.mlp.down`, width, hidden),
      ]),
      ones('norm', width),
    ];
  },
  head: () => 'wte',
  forward(design, weights, ids, { cache } = {}) {
    const config = configOf(design);
    const { heads, kvHeads, headSize } = config;
    const [B, T] = ids.shape as [number, number];
    const starts = cache?.starts ?? Array.from({ length: B }, () => 0);
    return scope(() => {
      const positions = starts.flatMap((start) => Array.from({ length: T }, (_, i) => start + i));
      const frequencies = ropeFrequencies({ headSize, rotary: 2 * Math.floor(headSize / 2) });
      const table = ropeTable(ids.device, frequencies, tensor(ids.device, positions, [B, T], 'i32'));
      let x = weights.embedding('wte', ids); // (B, T, C)
      for (let layer = 0; layer < config.layers; layer++) {
        const input = x;
        x = scope(() => {
          const block = `blocks.${layer}`;
          const flat = weights.linear(`${block}.attention.qkv`, weights.rmsNorm(`${block}.norm1`, input, EPSILON));
          const qkv = rope(flat, table, { heads: heads + 2 * kvHeads, rotated: heads + kvHeads }); // (B, T, (H + 2K)·D)
          const mixed = cache
            ? attentionCached(qkv, cache, layer, config)
            : attention(qkv, { ...config, causal: true });
          const middle = add(input, weights.linear(`${block}.attention.projection`, mixed));
          const up = weights.linear(`${block}.mlp.up`, weights.rmsNorm(`${block}.norm2`, middle, EPSILON));
          return add(middle, weights.linear(`${block}.mlp.down`, gated(up, 'silu')));
        });
      }
      return weights.rmsNorm('norm', x, EPSILON);
    });
  },
  cache(design) {
    const { layers, kvHeads, headSize } = configOf(design);
    return { layers, width: kvHeads * headSize };
  },
  estimate: () => ({ parameters: 0, flopsPerToken: 0, trainingBytes: 0 }),
};

/** A design of it. */
export const groupedDesign = (config: GroupedConfig, vocabSize: number, context: number): DesignValue => ({
  family: 'grouped',
  version: 1,
  config: { ...config },
  vocabSize,
  context,
  tokenizer: { json: {}, vocabSize, digest: 'none' },
});
