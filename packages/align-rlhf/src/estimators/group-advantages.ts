// Advantages from the rewards of a group of answers to one prompt: r − mean, divided by the group's deviation (GRPO, Shao et al. 2024, equation 4) or not (Dr. GRPO, Liu et al. 2025).
import { IngotError } from '@ingot/core';

/** Added to a deviation, as in TRL. */
const EPSILON = 1e-4;
/** What divides r − mean: the deviation of its group, of the whole batch, or nothing. */
export type AdvantageScale = 'group' | 'batch' | 'none';

export interface GroupOptions {
  /** Answers of one prompt; they follow one another. */
  readonly group: number;
  readonly scale: AdvantageScale;
  /**
   * Probabilities of the answers, (S), where a group is the whole population and not a sample: the mean and the deviation are then the population's.
   */
  readonly weights?: ArrayLike<number>;
}

/** Throws `bad-input` unless rewards come in whole groups. */
export function checkGroups(rewards: ArrayLike<number>, group: number): void {
  if (group >= 1 && rewards.length > 0 && rewards.length % group === 0) return;
  throw new IngotError(
    'bad-input',
    `${rewards.length} rewards do not fall into groups of ${group}. Wanted a whole number of groups, at least one: a reward for every answer of every prompt.`,
  );
}

/** Mean, and deviation (unbiased for samples, the population's with weights), of some numbers. */
export function moments(x: readonly number[], weights?: readonly number[]): { mean: number; deviation: number } {
  const total = weights ? weights.reduce((a, b) => a + b, 0) : x.length;
  const mean = x.reduce((sum, one, i) => sum + one * (weights?.[i] ?? 1), 0) / total;
  const squares = x.reduce((sum, one, i) => sum + (one - mean) ** 2 * (weights?.[i] ?? 1), 0);
  const divisor = weights ? total : total - 1;
  return { mean, deviation: divisor > 0 ? Math.sqrt(squares / divisor) : 0 };
}

/** Advantages of answers, (S) -> (S). Throws `bad-input` unless they come in whole groups. */
export function groupAdvantages(rewards: ArrayLike<number>, { group, scale, weights }: GroupOptions): Float64Array {
  checkGroups(rewards, group);
  const all = Array.from(rewards);
  const probabilities = weights && Array.from(weights);
  const whole = scale === 'batch' ? moments(all, probabilities).deviation : undefined;
  const advantages = new Float64Array(all.length);
  for (let first = 0; first < all.length; first += group) {
    const { mean, deviation } = moments(all.slice(first, first + group), probabilities?.slice(first, first + group));
    const divisor = scale === 'none' ? 1 : (whole ?? deviation) + EPSILON;
    for (let i = first; i < first + group; i++) advantages[i] = (all[i]! - mean) / divisor;
  }
  return advantages;
}
