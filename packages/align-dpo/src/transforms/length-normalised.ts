// Length normalisation: averages over the tokens of a completion in place of sums, so that long completions gain nothing by length.
// Meng et al. 2024, "SimPO" (arXiv:2405.14734), equation 3; TRL's `sigmoid_norm` and `ipo` divide log-ratios the same way.
import type { Completions, PreferenceBatch } from '@ingot/contracts';
import { mul, tensor, type Tensor } from '@ingot/tensor';
import { checkLengths } from '../scores.js';

/** x / length, row by row, (N). */
export const perToken = (x: Tensor, lengths: ArrayLike<number>): Tensor =>
  mul(
    x,
    tensor(
      x.device,
      Array.from(lengths, (length) => 1 / length),
      [lengths.length],
    ),
  );

function normalised(side: Completions): Completions {
  checkLengths('lengthNormalised', side);
  const { policy, reference, lengths, supervised = { policy, lengths } } = side;
  const made = { policy: perToken(policy, lengths), lengths, supervised };
  return reference ? { ...made, reference: perToken(reference, lengths) } : made;
}

/** The same pairs with log-probabilities averaged over tokens, policy and reference; a supervised term keeps the sums. Throws `bad-batch`. */
export function lengthNormalised(batch: PreferenceBatch): PreferenceBatch {
  return { ...batch, chosen: normalised(batch.chosen), rejected: normalised(batch.rejected) };
}
