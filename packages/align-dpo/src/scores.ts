// Log-ratios log π(y)/π_ref(y) of completions: what most losses of the family are made of.
import type { Completions, PreferenceBatch } from '@ingot/contracts';
import { sub, type Tensor } from '@ingot/tensor';
import { refuse } from './refuse.js';

/** One number for each completion of a batch: chosen (n), rejected (m). */
export interface Scores {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}

/** log π(y)/π_ref(y), (N). Throws `bad-batch` without a reference or when the lengths are not one a row. */
export function logRatio(loss: string, side: Completions): Tensor {
  checkLengths(loss, side);
  if (side.reference === undefined)
    throw refuse(
      loss,
      "the reference's log-probabilities",
      'a batch without them',
      'a loss without a reference: simpo, orpo or cpo',
    );
  return sub(side.policy, side.reference.detach());
}

/** Throws `bad-batch` unless there is a whole, positive length for each row. */
export function checkLengths(loss: string, { policy, lengths }: Completions): void {
  if (policy.shape.length !== 1 || lengths.length !== policy.size)
    throw refuse(
      loss,
      'log-probabilities (N) and N lengths',
      `log-probabilities (${policy.shape}) and ${lengths.length} lengths`,
    );
  for (let row = 0; row < lengths.length; row++)
    if (!(lengths[row]! >= 1)) throw refuse(loss, 'completions of at least one token', `a length of ${lengths[row]}`);
}

/** Throws `bad-batch` unless both sides have the same number of rows. */
export function checkPairs(loss: string, { chosen, rejected }: PreferenceBatch): void {
  checkLengths(loss, chosen);
  checkLengths(loss, rejected);
  if (chosen.policy.size !== rejected.policy.size)
    throw refuse(
      loss,
      'as many rejected as chosen completions',
      `${chosen.policy.size} chosen and ${rejected.policy.size} rejected`,
    );
}

/** The log-ratios of a batch of pairs, (B) each. Throws `bad-batch`. */
export function logRatios(loss: string, batch: PreferenceBatch): Scores {
  checkPairs(loss, batch);
  return { chosen: logRatio(loss, batch.chosen), rejected: logRatio(loss, batch.rejected) };
}
