// Bytes of weights, of training and of the key-value cache.
import { IngotError } from '@ingot/core';
import { checkPositive, checkSizes } from './check.js';

/** Bits a weight as stored, scales and minima included. */
export const bitsPerWeight = {
  f32: 32,
  f16: 16,
  bf16: 16,
  /** Without its scales: with rows of n weights 8 + 32/n. */
  int8: 8,
  /** Blocks of 32 with an f16 scale: llama.cpp, ggml-common.h. */
  q8_0: 8.5,
  /** Super-blocks of 256: llama.cpp's k-quants. */
  q6_k: 6.5625,
  q5_k: 5.5,
  q4_k: 4.5,
  q4_0: 4.5,
  q3_k: 3.4375,
  q2_k: 2.625,
  int4: 4,
  /** Groups of 128 with an f16 scale and a zero of 4 bits: Frantar et al. 2022, arXiv:2210.17323. */
  'gptq-4-g128': 4.15625,
  /** Blocks of 64 with an f32 absmax: Dettmers et al. 2023, arXiv:2305.14314. */
  nf4: 4.5,
  /** The same with absmax in 8 bits, in blocks of 256 with one f32: 4 + 8/64 + 32/(64·256). */
  'nf4-double': 4.126953125,
  '2-bit': 2,
} satisfies Readonly<Record<string, number>>;
export type WeightScheme = keyof typeof bitsPerWeight;

/** Bytes of the weights alone. Throws `bad-options` for parameters that are not above 0. */
export function weightBytes(parameters: number, scheme: WeightScheme): number {
  checkPositive({ parameters });
  return (parameters * bitsPerWeight[scheme]) / 8;
}

/** Bytes a parameter while training, activations beside: weights, gradients, optimiser. Rajbhandari et al. 2020 (ZeRO), arXiv:1910.02054, section 3.1. */
export const trainingBytesPerParameter = {
  /** f16 weights and gradients, f32 master weights and two moments: 2 + 2 + 12. */
  'adam-mixed': 16,
  /** f32 weights, gradients and two moments: 4 + 4 + 8. */
  'adam-f32': 16,
  /** Moments in 8 bits (Dettmers et al. 2021, arXiv:2110.02861): 2 + 2 + 4 + 2. */
  'adam-8-bit': 10,
  /** f32 weights, gradients and one moment: 4 + 4 + 4 (Lion, Muon, SGD with momentum). */
  'momentum-f32': 12,
  /** f32 weights and gradients. */
  'sgd-f32': 8,
} satisfies Readonly<Record<string, number>>;
export type TrainingScheme = keyof typeof trainingBytesPerParameter;

/** Bytes of training all parameters, activations beside. Throws `bad-options` for parameters that are not above 0. */
export function trainingBytes(parameters: number, scheme: TrainingScheme = 'adam-mixed'): number {
  checkPositive({ parameters });
  return parameters * trainingBytesPerParameter[scheme];
}

/** Bytes of training an adapter over a frozen base: the base as stored and 16 bytes for each parameter that learns. LoRA is Hu et al. 2021, arXiv:2106.09685; over nf4 it is QLoRA. */
export function adapterBytes(parameters: number, adapter: number, base: WeightScheme = 'f16'): number {
  if (adapter > parameters)
    throw new IngotError(
      'bad-options',
      `An adapter of ${adapter} parameters is larger than its model of ${parameters}.`,
    );
  return weightBytes(parameters, base) + trainingBytes(adapter);
}

export interface CacheShape {
  readonly layers: number;
  /** Heads of keys and values. */
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Tokens held in each sequence. */
  readonly length: number;
  /** Sequences at once; 1 unless said. */
  readonly batch?: number;
  /** 2 for f16 (unless said), 4 for f32. */
  readonly bytesPerNumber?: number;
}
/** Bytes of the key-value cache: 2·L·H_kv·d_h·T·B·bytes (Pope et al. 2022, arXiv:2211.05102). Throws `bad-options`. */
export function cacheBytes({ layers, kvHeads, headWidth, length, batch = 1, bytesPerNumber = 2 }: CacheShape): number {
  checkSizes({ layers, kvHeads, headWidth, length, batch });
  checkPositive({ bytesPerNumber });
  return 2 * layers * kvHeads * headWidth * length * batch * bytesPerNumber;
}
