// Counts parameters from shapes alone: GPT-3 costs as little as MiniGPT.
import type { GptConfig } from './config.js';
import { gptParameters, type ParameterGroup } from './parameters.js';

/** How many parameters, by what they are for. */
export interface ParameterCount {
  readonly total: number;
  /** Blocks and the last norm: what is neither table nor head. */
  readonly body: number;
  readonly tokens: number;
  readonly positions: number;
  /** An untied head; 0 when it shares the token table. */
  readonly head: number;
  /** What nanoGPT prints: the total without the position table. */
  readonly nanoGPT: number;
}

/** Numbers in an array of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The exact count of a configuration, allocating nothing. V·C + T·C + L·(12C² + 13C) + 2C when tied, with biases and hidden 4C. */
export function countParameters(config: GptConfig): ParameterCount {
  const groups: Record<ParameterGroup, number> = { tokens: 0, positions: 0, head: 0, body: 0 };
  for (const { group, shape } of gptParameters(config)) groups[group] += sizeOf(shape);
  const total = groups.tokens + groups.positions + groups.head + groups.body;
  return { total, ...groups, nanoGPT: total - groups.positions };
}
