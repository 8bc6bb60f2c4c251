// Top-p (nucleus) sampling: the smallest set of most likely tokens that holds the probability p. Holtzman et al. 2020, eq. 3.
import { refuseUnless } from './refuse.js';
import { softmax } from './softmax.js';

/** Logits are of single precision: sums nearer to the cut than this are equal to it. */
const singlePrecision = 2 ** -23;

/**
 * Removes, from the least likely token upwards, those whose cumulative probability is at most 1 − p; the most likely always stays.
 * The rule of transformers' TopPLogitsWarper, ties included: of equal tokens at the cut the lower ids go first.
 * p = 1 removes nothing. Throws `bad-options` for p outside of 0 … 1.
 */
export function topP(logits: Float32Array, p: number): Float32Array {
  refuseUnless(p >= 0 && p <= 1, 'top-p, p', 'a number from 0 to 1', p);
  if (p === 1) return logits.slice();
  const probabilities = softmax(logits);
  const cut = 1 - p + singlePrecision;
  // Tokens below the mean share of what goes add up to less than the cut: they go without being sorted.
  const small = (1 - p) / logits.length;
  const order: number[] = [];
  let cumulative = 0;
  for (const [id, probability] of probabilities.entries()) {
    if (probability < small) cumulative += probability;
    else order.push(id);
  }
  const of = (id: number): number => logits[id] ?? -Infinity;
  order.sort((a, b) => of(a) - of(b) || a - b); // equal logits: −Infinity − −Infinity is NaN, which is falsy too
  const kept = new Float32Array(logits.length).fill(-Infinity);
  for (const [place, id] of order.entries()) {
    cumulative += probabilities[id] ?? 0;
    if (cumulative > cut || place === order.length - 1) kept[id] = of(id);
  }
  return kept;
}
