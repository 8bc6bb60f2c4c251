// The reward of each token: r_t = −β · KL_t, and the answer's score at its last token (Ziegler et al. 2019, section 2.1; Ouyang et al. 2022, equation 2).
import { eachAnswer } from './sequences.js';

/** Rewards of tokens, (N): `kl` (N) estimates, `scores` (S) of the whole answers. The score lands on the last token, which is the end's where the answer has one. */
export function shapedRewards(
  kl: ArrayLike<number>,
  scores: ArrayLike<number>,
  lengths: ArrayLike<number>,
  beta: number,
): Float64Array {
  const rewards = Float64Array.from({ length: kl.length }, (_, t) => -beta * kl[t]!);
  eachAnswer(lengths, (answer, first, end) => {
    if (end > first) rewards[end - 1]! += scores[answer]!;
  });
  return rewards;
}

/** Scores less `penalty` where an answer did not end by itself, as in TRL's PPO (`missing_eos_penalty`). (S) -> (S). */
export const penaliseUnended = (
  scores: ArrayLike<number>,
  ended: readonly boolean[],
  penalty: number | undefined,
): Float64Array => Float64Array.from({ length: scores.length }, (_, i) => scores[i]! - (ended[i] ? 0 : (penalty ?? 0)));
