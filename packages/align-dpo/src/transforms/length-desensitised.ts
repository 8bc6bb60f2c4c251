// Length desensitisation: tokens beyond the shared length of a pair count only α times.
// Liu et al. 2024, "Length Desensitization in Direct Preference Optimization" (LD-DPO, arXiv:2409.06411).
import type { Completions, PreferenceBatch } from '@ingot/contracts';
import { mul, sub, type Tensor } from '@ingot/tensor';
import { refuse } from '../refuse.js';

function desensitised(side: Completions, alpha: number): Completions {
  const { policy, reference, lengths, tail, supervised = { policy, lengths } } = side;
  if (tail === undefined || (reference !== undefined && tail.reference === undefined))
    throw refuse('lengthDesensitised', 'the tails of the completions', 'a batch without them', 'pairFromTokens');
  const less = (whole: Tensor, beyond: Tensor): Tensor => sub(whole, mul(beyond, 1 - alpha));
  const made = { policy: less(policy, tail.policy), lengths, supervised };
  return reference && tail.reference ? { ...made, reference: less(reference, tail.reference) } : made;
}

/** The same pairs with log π = shared part + α · tail, for policy and reference: α 1 changes nothing, 0 forgets the tail. Throws `bad-batch`. */
export function lengthDesensitised(batch: PreferenceBatch, alpha: number): PreferenceBatch {
  return { ...batch, chosen: desensitised(batch.chosen, alpha), rejected: desensitised(batch.rejected, alpha) };
}
