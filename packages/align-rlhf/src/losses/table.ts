// The policy losses by name, each a surrogate, an importance level and an average.
import type { PolicyLossForm } from './policy-loss.js';

export const policyLosses = {
  /** Schulman et al. 2017: the clipped ratio, the mean over tokens; advantages of tokens. */
  ppo: { surrogate: 'clip', importance: 'token', average: 'token-mean' },
  /** Shao et al. 2024, equation 3. */
  grpo: { surrogate: 'clip', importance: 'token', average: 'sequence-mean' },
  /** GRPO over the tokens of the step: no bias for short answers within it. */
  bnpo: { surrogate: 'clip', importance: 'token', average: 'token-mean' },
  /** Liu et al. 2025: no length in the divisor. */
  'dr-grpo': { surrogate: 'clip', importance: 'token', average: 'fixed-length' },
  /** Yu et al. 2025, equation 12: over the tokens of the rollout; with epsilonHigh 0.28, clip-higher. */
  dapo: { surrogate: 'clip', importance: 'token', average: 'token-mean', over: 'rollout' },
  /** Zheng et al. 2025: one ratio for the answer. */
  gspo: { surrogate: 'clip', importance: 'sequence', average: 'sequence-mean' },
  /** GSPO without the division by length. */
  luspo: { surrogate: 'clip', importance: 'sequence', average: 'sequence-sum' },
  cispo: { surrogate: 'cispo', importance: 'token', average: 'token-mean', over: 'rollout' },
  sapo: { surrogate: 'sapo', importance: 'token', average: 'sequence-mean' },
  vespo: { surrogate: 'vespo', importance: 'token', average: 'token-mean', over: 'rollout' },
  /** Ahmadian et al. 2024 with TRL's clip: one ratio, that of the whole answer. */
  rloo: { surrogate: 'clip', importance: 'whole', average: 'sequence-mean' },
  /** Williams 1992. */
  reinforce: { surrogate: 'log-probability', importance: 'token', average: 'sequence-sum' },
} satisfies Record<string, PolicyLossForm>;
export type PolicyLossName = keyof typeof policyLosses;
