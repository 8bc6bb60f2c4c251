// The packed layout of queries, keys and values: (B, T, (H + 2K)·D), and what is checked of it.
import { TensorError } from '../errors.js';
import type { AttentionShape } from '../kernels.js';
import { showShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** What all attention ops are told of the heads. */
export interface HeadOptions {
  readonly heads: number;
  /** Key and value heads, each shared by heads / kvHeads query heads (Ainslie et al. 2023); as many as heads unless said. */
  readonly kvHeads?: number;
  /** 1/√D unless said. */
  readonly scale?: number;
  /**
   * How many positions a position sees: itself and the window − 1 before it (Mistral; `sliding_window` of transformers), and where attention
   * is not causal the window − 1 after it. All unless said.
   */
  readonly window?: number | undefined;
  /** Scores are kept within ±c: c·tanh(score/c), before the mask (Gemma 2). No cap unless said. */
  readonly softcap?: number | undefined;
}

/** Sizes of packed heads; throws `bad-shape` when they do not fit, `bad-option` for a window or a cap that makes no sense. */
export function attentionShape(
  op: string,
  qkv: Tensor,
  { heads, kvHeads = heads, scale, window, softcap }: HeadOptions,
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
  if (window !== undefined && !(Number.isSafeInteger(window) && window >= 1))
    throw new TensorError('bad-option', op, { wanted: 'a window of whole positions from 1', got: `${window}` });
  if (softcap !== undefined && !(softcap > 0 && Number.isFinite(softcap)))
    throw new TensorError('bad-option', op, { wanted: 'a softcap above 0', got: `${softcap}` });
  return { batch, length, heads, kvHeads, headSize, scale: scale ?? 1 / Math.sqrt(headSize), window, softcap };
}
