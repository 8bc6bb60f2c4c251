// Temperature: below 1 sharpens the distribution, above 1 flattens it. Ackley, Hinton and Sejnowski 1985; Holtzman et al. 2020, eq. 2.
import { greedy } from './greedy.js';
import { refuseUnless } from './refuse.js';

/** logits / value; 0 is greedy, the limit. Throws `bad-options` for a negative value or NaN. */
export function temperature(logits: Float32Array, value: number): Float32Array {
  refuseUnless(value >= 0 && value < Infinity, 'temperature, value', 'a number of at least 0', value);
  return value === 0 ? greedy(logits) : logits.map((logit) => logit / value);
}
