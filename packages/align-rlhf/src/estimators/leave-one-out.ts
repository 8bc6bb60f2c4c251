// RLOO: an answer's baseline is the mean reward of the other answers to its prompt (Kool et al. 2019; Ahmadian et al. 2024, equation 9).
import { IngotError } from '@ingot/core';
import { checkGroups, moments, type GroupOptions } from './group-advantages.js';

/** r_i less the mean of the others of its group, (S) -> (S); with `weights` a group is the population, of which one answer is no part. Throws `bad-input` for groups of one. */
export function leaveOneOut(rewards: ArrayLike<number>, { group, weights }: Omit<GroupOptions, 'scale'>): Float64Array {
  checkGroups(rewards, group);
  if (group < 2)
    throw new IngotError(
      'bad-input',
      `RLOO compares an answer with the others of its group, and the groups have ${group} answer. Give at least 2 generations a prompt.`,
    );
  const all = Array.from(rewards);
  const probabilities = weights && Array.from(weights);
  const advantages = new Float64Array(all.length);
  for (let first = 0; first < all.length; first += group) {
    const mine = all.slice(first, first + group);
    const { mean } = moments(mine, probabilities?.slice(first, first + group));
    // r − (Σ − r) / (n − 1) = (r − mean) · n / (n − 1)
    const factor = probabilities ? 1 : group / (group - 1);
    mine.forEach((reward, i) => (advantages[first + i] = (reward - mean) * factor));
  }
  return advantages;
}
