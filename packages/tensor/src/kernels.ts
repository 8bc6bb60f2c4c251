// Fused kernels that a device may have. Each has an op of the same name, whose composition from primitives is the fallback
// and whose tests compare the two.
import type { Storage } from './device.js';

export type GeluKind = 'erf' | 'tanh';
/** The activation of a gated linear unit. */
export type GatedKind = 'silu' | 'gelu-erf' | 'gelu-tanh' | 'relu';

/** activation(gate)·up: x (rows, 2·columns) holds a row's gate, then its up projection. */
export interface GatedSpec {
  readonly x: Storage;
  readonly rows: number;
  readonly columns: number;
  readonly kind: GatedKind;
}
export interface GatedBackwardSpec extends GatedSpec {
  /** (rows, columns) */
  readonly dy: Storage;
}

/** y = x·Wᵀ + b. x (rows, inputs), W (outputs, inputs), b (outputs). */
export interface LinearSpec {
  readonly x: Storage;
  readonly weight: Storage;
  readonly bias: Storage | undefined;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Packed heads: qkv is (B, T, (H + 2K)·D): queries of all heads, then keys, then values. */
export interface AttentionShape {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** 1/√D unless a family says otherwise. */
  readonly scale: number;
  /** How many positions a position sees, itself and those before it (both ways: as many after it); all where there is none. */
  readonly window?: number | undefined;
  /** Scores s become c·tanh(s/c), before the mask. */
  readonly softcap?: number | undefined;
}
export interface AttentionSpec extends AttentionShape {
  readonly qkv: Storage;
  readonly causal: boolean;
  /** i32 (B, T): a position attends only within its own document; negative numbers are padding. */
  readonly documents: Storage | undefined;
}
export interface AttentionBackwardSpec extends AttentionSpec {
  readonly y: Storage;
  readonly dy: Storage;
  /** log Σ exp of each row of scores, (B, H, T). */
  readonly logSumExp: Storage;
}
/** Causal attention of T new positions per sequence over its past; writes their keys and values into the cache in place. */
export interface AttentionCachedSpec extends AttentionShape {
  readonly qkv: Storage;
  /** (slots, capacity, K·D) */
  readonly keys: Storage;
  readonly values: Storage;
  readonly capacity: number;
  /** For each of the B sequences: its slot in the cache, and how many positions it holds already. */
  readonly slots: readonly number[];
  readonly starts: readonly number[];
}

export interface LayerNormSpec {
  readonly x: Storage;
  readonly weight: Storage;
  readonly bias: Storage | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
}
export interface LayerNormBackwardSpec extends LayerNormSpec {
  readonly dy: Storage;
  readonly mean: Storage;
  readonly rstd: Storage;
  /** Added to in place, where that parameter is trained. */
  readonly dWeight: Storage | undefined;
  readonly dBias: Storage | undefined;
}

/** y = x · rstd · (weight + offset) with rstd = 1/√(mean(x²) + ε) of each row; every factor is 1 without a weight. */
export interface RmsNormSpec {
  readonly x: Storage;
  readonly weight: Storage | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly offset: 0 | 1;
}
export interface RmsNormBackwardSpec extends RmsNormSpec {
  readonly dy: Storage;
  readonly rstd: Storage;
  /** Added to in place, where the weight is trained. */
  readonly dWeight: Storage | undefined;
}

/** Which dimensions of a head turn together: i and i + R/2, or 2i and 2i + 1. */
export type RopePairing = 'half' | 'interleaved';
/** Heads side by side, x (rows, heads·D): the first R dimensions of the first `rotated` heads turn by their row's angles. */
export interface RopeSpec {
  readonly x: Storage;
  /** (tableRows, R): R/2 cosines, then R/2 sines. Row r of x takes row r mod tableRows. */
  readonly table: Storage;
  readonly rows: number;
  readonly tableRows: number;
  readonly heads: number;
  readonly rotated: number;
  readonly headSize: number;
  /** R, even. */
  readonly rotary: number;
  readonly pairing: RopePairing;
  /** By the negative angle: the gradient. */
  readonly back: boolean;
}

/** −log softmax(x·Wᵀ)[target] for each row, in blocks, never the full logits; a row with target < 0 costs nothing and gives 0. */
export interface LinearCrossEntropySpec {
  readonly x: Storage;
  readonly weight: Storage;
  /** i32 (rows) */
  readonly targets: Storage;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}
export interface LinearCrossEntropyBackwardSpec extends LinearCrossEntropySpec {
  readonly logSumExp: Storage;
  /** Upstream gradient of each row's loss, (rows). */
  readonly dLoss: Storage;
  /** Added to in place, where W is trained. */
  readonly dWeight: Storage | undefined;
}

export interface DropoutSpec {
  readonly x: Storage;
  readonly rate: number;
  readonly key: readonly [number, number];
  readonly counter: number;
}

export interface AdamWSpec {
  /** All in place, of one length. */
  readonly parameter: Storage;
  readonly first: Storage;
  readonly second: Storage;
  readonly gradient: Storage;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** From 1. */
  readonly step: number;
  /** The gradient is read as gradient · this (clipping in the same pass). */
  readonly gradientScale: number;
}

export interface LionSpec {
  /** All in place, of one length. */
  readonly parameter: Storage;
  readonly momentum: Storage;
  readonly gradient: Storage;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** The gradient is read as gradient · this. */
  readonly gradientScale: number;
}

export type KernelName = keyof Kernels;

export interface Kernels {
  linear(spec: LinearSpec): Storage;
  /** x·Wᵀ + b and its GELU beside it. */
  linearGelu(spec: LinearSpec, kind: GeluKind): { readonly y: Storage; readonly activated: Storage };
  gelu(x: Storage, kind: GeluKind): Storage;
  geluBackward(x: Storage, dy: Storage, kind: GeluKind): Storage;
  silu(x: Storage): Storage;
  siluBackward(x: Storage, dy: Storage): Storage;
  /** (rows, columns) */
  gated(spec: GatedSpec): Storage;
  /** dX, (rows, 2·columns) */
  gatedBackward(spec: GatedBackwardSpec): Storage;
  layerNorm(spec: LayerNormSpec): { readonly y: Storage; readonly mean: Storage; readonly rstd: Storage };
  layerNormBackward(spec: LayerNormBackwardSpec): Storage;
  rmsNorm(spec: RmsNormSpec): { readonly y: Storage; readonly rstd: Storage };
  /** dX; dW is added to where asked. */
  rmsNormBackward(spec: RmsNormBackwardSpec): Storage;
  /** Its own backward, with `back`. */
  rope(spec: RopeSpec): Storage;
  attention(spec: AttentionSpec): { readonly y: Storage; readonly logSumExp: Storage };
  attentionBackward(spec: AttentionBackwardSpec): Storage;
  attentionCached(spec: AttentionCachedSpec): Storage;
  linearCrossEntropy(spec: LinearCrossEntropySpec): { readonly loss: Storage; readonly logSumExp: Storage };
  /** dX; dW is added to where asked. */
  linearCrossEntropyBackward(spec: LinearCrossEntropyBackwardSpec): Storage;
  /** Drops where the uniform number of an element is < rate, scales the rest by 1/(1 − rate). Its own backward. */
  dropout(spec: DropoutSpec): Storage;
  adamw(spec: AdamWSpec): void;
  lion(spec: LionSpec): void;
  /** Σ x², in double precision where the device has it. */
  squaredNorm(x: Storage): number;
}
