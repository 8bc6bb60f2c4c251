// The packed layout of queries, keys and values: (B, T, (H + 2K)·D), and what is checked of it.
import { TensorError } from '../errors.js';
import type { AttentionShape } from '../kernels.js';
import { showShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** What all attention ops are told of the heads. Rotary positions, a sliding window and a score cap have their place here. */
export interface HeadOptions {
  readonly heads: number;
  /** Key and value heads, each shared by heads / kvHeads query heads (Ainslie et al. 2023); as many as heads unless said. */
  readonly kvHeads?: number;
  /** 1/√D unless said. */
  readonly scale?: number;
}

/** Sizes of packed heads; throws `bad-shape` when they do not fit. */
export function attentionShape(
  op: string,
  qkv: Tensor,
  { heads, kvHeads = heads, scale }: HeadOptions,
): AttentionShape {
  const [batch, length, width] = qkv.shape;
  const headSize = (width ?? 0) / (heads + 2 * kvHeads);
  const whole = [heads, kvHeads, headSize, heads / kvHeads].every((n) => Number.isInteger(n) && n >= 1);
  if (batch === undefined || length === undefined || qkv.shape.length !== 3 || !whole) {
    throw new TensorError('bad-shape', op, {
      wanted: `qkv (B, T, (H + 2K)·D) with H = ${heads}, K = ${kvHeads} and H a multiple of K`,
      got: showShape(qkv.shape),
    });
  }
  return { batch, length, heads, kvHeads, headSize, scale: scale ?? 1 / Math.sqrt(headSize) };
}
