// How losses of tokens become one: every way is a sum with a factor for each token, over a weight that adds up over micro-batches.

/**
 * - `sequence-mean`: each answer's mean over its tokens, then the mean over answers (GRPO).
 * - `token-mean`: the mean over all tokens (BNPO, DAPO, PPO).
 * - `fixed-length`: the sum over tokens, by answers · the most tokens that an answer may have (Dr. GRPO).
 * - `sequence-sum`: each answer's sum over its tokens, then the mean over answers (LUSPO, REINFORCE).
 */
export type Average = 'sequence-mean' | 'token-mean' | 'fixed-length' | 'sequence-sum';

interface AverageOf {
  /** Factor of each token of an answer of this length. */
  readonly factor: (length: number) => number;
  /** What the answer adds to the divisor. */
  readonly weight: (length: number, most: number) => number;
}
export const averages = {
  'sequence-mean': { factor: (length) => 1 / Math.max(1, length), weight: () => 1 },
  'token-mean': { factor: () => 1, weight: (length) => length },
  'fixed-length': { factor: () => 1, weight: (_, most) => most },
  'sequence-sum': { factor: () => 1, weight: () => 1 },
} satisfies Record<Average, AverageOf>;
