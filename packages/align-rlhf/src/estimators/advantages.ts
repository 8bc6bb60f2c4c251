// Generalised advantage estimation: A_t = Σ_l (γλ)^l δ_{t+l}, δ_t = r_t + γ V_{t+1} − V_t (Schulman et al. 2016, equation 16).
import { eachAnswer } from './sequences.js';

export interface AdvantageOptions {
  readonly gamma: number;
  readonly lambda: number;
}
/** One number a token each, (N). */
export interface Advantages {
  readonly advantages: Float64Array;
  /** A_t + V_t: what the value function is fitted to. */
  readonly returns: Float64Array;
}

/** Advantages and returns of answers that follow one another; after an answer's last token nothing comes. `rewards` (N), `values` (N). */
export function generalisedAdvantages(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  lengths: ArrayLike<number>,
  { gamma, lambda }: AdvantageOptions,
): Advantages {
  const advantages = new Float64Array(rewards.length);
  eachAnswer(lengths, (_, first, end) => {
    let [after, value] = [0, 0];
    for (let t = end - 1; t >= first; t--) {
      const delta = rewards[t]! + gamma * value - values[t]!;
      advantages[t] = after = delta + gamma * lambda * after;
      value = values[t]!;
    }
  });
  return { advantages, returns: advantages.map((advantage, t) => advantage + values[t]!) };
}
