// Predicts what one training step costs, before anything is allocated.
import type { Estimate } from '@ingot/contracts';
import type { GptConfig } from './config.js';
import { countParameters } from './count.js';

/**
 * FLOPs of one token, forward and backward: 6N + 12·L·C·T (PaLM, appendix B, as nanoGPT's `estimate_mfu` writes it).
 * N leaves out the position table, which is looked up and not multiplied.
 */
export const flopsPerToken = (config: GptConfig, length: number): number => 6 * countParameters(config).nanoGPT + 12 * config.layers * config.width * length;

/**
 * Bytes of one training step over `batch` rows of `length` tokens: parameters, gradients and two moments (16 bytes a parameter), and what
 * the tape keeps of each block: two norms, their sums, packed queries, keys and values, attention's output and the MLP before and after GELU.
 */
export function estimateGpt(config: GptConfig, batch: number, length: number): Estimate {
  const { width: C, hidden, layers, heads } = config;
  const parameters = countParameters(config).total;
  const tokens = batch * length;
  // norm1, norm2, attention's output, the two residual sums: C each; qkv: 3C; MLP before and after GELU: 2·hidden; log-sum-exp and norm statistics.
  const block = tokens * (8 * C + 2 * hidden + heads + 4);
  const dropped = config.dropout > 0 ? tokens * C * (2 * layers + 1) : 0;
  const ends = tokens * (3 * C + 4);
  // The widest temporary of the backward pass: the MLP's gradient before and after GELU beside the residual's.
  const backward = tokens * (2 * hidden + 3 * C);
  return { parameters, flopsPerToken: flopsPerToken(config, length), trainingBytes: 4 * (4 * parameters + layers * block + dropped + ends + backward) };
}
