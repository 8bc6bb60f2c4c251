// A GPT as a function over named weights: ids to hidden states. Radford et al. 2019; pre-norm as in section 2.3.
import { IngotError } from '@ingot/core';
import {
  add,
  attention,
  attentionCached,
  dropout,
  philox4x32,
  scope,
  tensor,
  type Tensor,
  type Weights,
} from '@ingot/tensor';
import type { DesignValue, ForwardContext } from '@ingot/contracts';
import { configOf, type GptConfig } from './config.js';

/** Where masks fall: 0 the embedding, then two a block. */
type Drop = (x: Tensor, site: number) => Tensor;

function makeDrop(rate: number, context: ForwardContext['dropout']): Drop {
  if (rate === 0 || context === undefined) return (x) => x;
  const { seed, step, firstRow } = context;
  return (x, site) => {
    const [first, second] = philox4x32([step, site, 0, 0], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
    const [, T, C] = x.shape as [number, number, number];
    // A row starts at its own block of four numbers, so a batch in one piece or in eight drops the same.
    return dropout(x, { rate, key: [first, second], counter: (firstRow * T * C) / 4 });
  };
}

/** i32 (1, T), or (B, T) where a cache holds rows of different lengths. */
function makePositions(ids: Tensor, config: GptConfig, cache: ForwardContext['cache']): Tensor {
  const [B, T] = ids.shape as [number, number];
  const starts = cache?.starts ?? [0];
  const end = Math.max(...starts) + T;
  if (end > config.context)
    throw new IngotError(
      'bad-options',
      `This model reads at most ${config.context} tokens, got ${end}. Shorten the prompt, or crop it from the left.`,
    );
  const rows = cache ? B : 1;
  return tensor(
    ids.device,
    Int32Array.from({ length: rows * T }, (_, i) => starts[Math.floor(i / T)]! + (i % T)),
    [rows, T],
    'i32',
  );
}

/** x + attention(norm(x)), then x + mlp(norm(x)). (B, T, C) -> (B, T, C) */
function block(
  x: Tensor,
  layer: number,
  weights: Weights,
  config: GptConfig,
  context: ForwardContext,
  drop: Drop,
): Tensor {
  const { heads, gelu, epsilon } = config;
  const { documents, cache } = context;
  const name = `blocks.${layer}`;
  const qkv = weights.linear(`${name}.attention.qkv`, weights.layerNorm(`${name}.norm1`, x, epsilon)); // (B, T, 3C)
  const mixed = cache
    ? attentionCached(qkv, cache, layer, { heads })
    : attention(qkv, { heads, causal: true, ...(documents ? { documents } : {}) }); // (B, T, C)
  const middle = add(x, drop(weights.linear(`${name}.attention.projection`, mixed), 2 * layer + 1));
  const up = weights.linear(`${name}.mlp.up`, weights.layerNorm(`${name}.norm2`, middle, epsilon), { gelu }); // (B, T, hidden)
  return add(middle, drop(weights.linear(`${name}.mlp.down`, up), 2 * layer + 2));
}

/**
 * Hidden states after the last norm: ids i32 (B, T) -> (B, T, C). Dropout is drawn only when the context carries its counter.
 * Attention weights themselves are never dropped: no fused kernel forms them.
 * @throws IngotError `bad-options` when a sequence is longer than the context.
 */
export function gptForward(design: DesignValue, weights: Weights, ids: Tensor, context: ForwardContext = {}): Tensor {
  const config = configOf(design);
  const drop = makeDrop(config.dropout, context.dropout);
  return scope(() => {
    const positions = context.positions ?? makePositions(ids, config, context.cache);
    let x = drop(add(weights.embedding('wte', ids), weights.embedding('wpe', positions)), 0); // (B, T, C)
    for (let layer = 0; layer < config.layers; layer++) {
      const input = x;
      x = scope(() => block(input, layer, weights, config, context, drop));
    }
    return weights.layerNorm('norm', x, config.epsilon);
  });
}
