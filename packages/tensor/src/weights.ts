// The seam between a model and its weights: a model file asks for named transformations and never sees a parameter, so that
// adapters, packed weights, taps and heads can stand behind the same names.
import type { GeluKind } from './kernels.js';
import type { Tensor } from './tensor.js';

export interface Weights {
  /** x·Wᵀ + b over the last axis: x (…, in) -> (…, out). Weight '<name>.weight' (out, in), bias '<name>.bias' where there is one. */
  linear(name: string, x: Tensor, how?: { readonly gelu?: GeluKind }): Tensor;
  /** Rows of '<name>.weight' (V, C): ids i32 (B, T) -> (B, T, C). */
  embedding(name: string, ids: Tensor): Tensor;
  /** LayerNorm over the last axis, with '<name>.weight' and, where there is one, '<name>.bias'. */
  layerNorm(name: string, x: Tensor, epsilon: number): Tensor;
  /** RMSNorm over the last axis with '<name>.weight'; Gemma's weights are read with an offset of 1. */
  rmsNorm(name: string, x: Tensor, epsilon: number, how?: { readonly offset?: 0 | 1 }): Tensor;
  /** Per-position loss −log p(target) under softmax(x·Wᵀ), without the full logits: x (N, C), targets i32 (N), negative = unscored -> (N). */
  crossEntropy(name: string, x: Tensor, targets: Tensor): Tensor;
  /** x·Wᵀ with no bias: the head, tied or not. x (…, C) -> (…, V). */
  logits(name: string, x: Tensor): Tensor;
}
