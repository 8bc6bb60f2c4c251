// One dial: `depth` derives a whole GPT (after nanochat's --depth); depth 12 is GPT-2 small.
import type { GptConfig } from './config.js';

/** Features of one head at every depth; GPT-2's own. */
const headSize = 64;

/**
 * A GPT of `depth` blocks: width 64·depth, heads of 64, context the next power of two from 64·depth, at most 1024.
 * Depth 4 gives 256 wide over 256 tokens, depth 12 gives 768 wide over 1024: GPT-2 small.
 */
export function fromDepth(depth: number): Omit<GptConfig, 'vocabSize'> {
  const width = headSize * depth;
  return {
    layers: depth,
    heads: depth,
    width,
    hidden: 4 * width,
    context: Math.min(1024, 2 ** Math.ceil(Math.log2(width))),
    bias: true,
    tied: true,
    dropout: 0,
    gelu: 'tanh',
    epsilon: 1e-5,
    initStd: 0.02,
    residualScaling: true,
  };
}
