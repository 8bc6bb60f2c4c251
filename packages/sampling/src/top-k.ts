// Top-k sampling: only the k most likely tokens stay. Fan, Lewis and Dauphin 2018, section 5.
import { refuseUnless } from './refuse.js';

/**
 * Removes tokens that are less likely than the k-th. Tokens equal to the k-th all stay, as in transformers and on the course page, so
 * that the ids' order decides nothing: more than k may stay. k beyond the vocabulary removes nothing. Throws `bad-options` for k below 1.
 */
export function topK(logits: Float32Array, k: number): Float32Array {
  refuseUnless(Number.isInteger(k) && k >= 1, 'top-k, k', 'a whole number of at least 1', k);
  const least = Float32Array.from(logits).sort()[logits.length - k];
  return least === undefined ? logits.slice() : logits.map((logit) => (logit < least ? -Infinity : logit));
}
