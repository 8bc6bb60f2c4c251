// Predicts what one training step costs, before anything is allocated.
import type { Estimate } from '@ingot/contracts';
import type { GptConfig } from './config.js';
import { countParameters } from './count.js';

/**
 * FLOPs of one token, forward and backward: 6N + 12·L·C·T (PaLM, appendix B, as nanoGPT's `estimate_mfu` writes it).
 * N leaves out the position table, which is looked up and not multiplied.
 */
export const flopsPerToken = (config: GptConfig, length: number): number =>
  6 * countParameters(config).nanoGPT + 12 * config.layers * config.width * length;

/**
 * Peak bytes of one training step over `batch` rows of `length` tokens, on a device with fused kernels: the larger of two moments.
 * Backward begins: parameters and two moments (12 bytes each), every block's kept values, the head's gradient, and the last MLP's gradient.
 * Backward ends: parameters, moments and all gradients (16 bytes each), and the first block's passing values.
 */
export function estimateGpt(config: GptConfig, batch: number, length: number): Estimate {
  const { width: C, hidden, layers, heads, vocabSize } = config;
  const parameters = countParameters(config).total;
  const tokens = batch * length;
  // Kept for backward: inputs of both norms, attention's packed 3C and its output, and the MLP before GELU; norms and GELU are made again.
  const block = tokens * (6 * C + hidden + heads + 4);
  const passing = tokens * (2 * hidden + 2 * C);
  const begins = 3 * parameters + layers * block + vocabSize * C + passing;
  const ends = 4 * parameters + passing;
  return { parameters, flopsPerToken: flopsPerToken(config, length), trainingBytes: 4 * Math.max(begins, ends) };
}
