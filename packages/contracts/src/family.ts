// An architecture: which parameters a design has, and how ids become hidden states over the weights seam.
import type { AttentionCache, Tensor, Weights } from '@ingot/tensor';
import { definePart } from '@ingot/core';
import type { DesignValue } from './values.js';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init:
    | { readonly kind: 'normal'; readonly std: number }
    | { readonly kind: 'zeros' }
    | { readonly kind: 'ones' };
}

export interface ForwardContext {
  /** i32 (B, T); by default 0 … T − 1 in each row, or what the cache holds onwards. */
  readonly positions?: Tensor;
  /** i32 (B, T): document ids, for packed rows; negative is padding. */
  readonly documents?: Tensor;
  readonly cache?: AttentionCache;
  /** In training: the counter that makes masks, so that results do not depend on batch order. `firstRow` is this micro-batch's place in the batch. */
  readonly dropout?: { readonly seed: number; readonly step: number; readonly firstRow: number };
}

export interface Estimate {
  readonly parameters: number;
  /** Forward and backward FLOPs of one token at this length: 6N + 12·L·C·T (PaLM appendix B; nanoGPT). */
  readonly flopsPerToken: number;
  /** Bytes of parameters, gradients, optimiser state and activations of one training step. */
  readonly trainingBytes: number;
}

/** Foreign layouts stand with the family: names, transposes and config of the Hugging Face folder. */
export interface HuggingFaceLayout {
  /** `model_type` of config.json: whoever reads a folder finds the family by it. */
  readonly modelType: string;
  /** A prefix of their names that some of their files leave out. */
  readonly optionalPrefix?: string;
  config(design: DesignValue): Readonly<Record<string, unknown>>;
  design(config: Readonly<Record<string, unknown>>): Omit<DesignValue, 'tokenizer'>;
  /** Our name -> theirs; `transpose` where their matrix is stored (in, out). A name they lack (a tied head) is left out. */
  tensors(
    design: DesignValue,
  ): readonly { readonly ours: string; readonly theirs: string; readonly transpose: boolean }[];
  /** Tensors that their layout must have and ours has not (biases left off): written as zeros. */
  zeros?(design: DesignValue): readonly { readonly theirs: string; readonly shape: readonly number[] }[];
}

export interface FamilyValue {
  readonly name: string;
  readonly version: number;
  parameters(design: DesignValue): readonly ParameterSpec[];
  /** The weight whose rows are the vocabulary, for `weights.logits` and `weights.crossEntropy`. */
  head(design: DesignValue): string;
  /** ids i32 (B, T) -> hidden states after the last norm (B, T, C). */
  forward(design: DesignValue, weights: Weights, ids: Tensor, context?: ForwardContext): Tensor;
  /** Layers and width of keys and values, for the cache. */
  cache(design: DesignValue): { readonly layers: number; readonly width: number };
  estimate(design: DesignValue, batch: number, length: number): Estimate;
  readonly huggingFace?: HuggingFaceLayout;
}
export const Family = definePart<FamilyValue>()('family');
