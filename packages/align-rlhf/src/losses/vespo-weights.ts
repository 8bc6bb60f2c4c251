// VESPO's weight of an answer: φ(W) = e^λ W^k e^(−λW), which is 1 at W = 1, where W is the ratio of the whole answer (TRL 1.16, get_gamma_weights).
import type { AnswerRows } from './answers.js';
import type { SurrogateOptions } from './options.js';

const LIMIT = 20;
const LEAST = Math.log(1e-8);
const between = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** φ of each answer, (S); k and λ go by the sign of its advantage. No gradient flows through it. */
export function vespoWeights(
  { rows, width, logRatios, advantages }: AnswerRows,
  { vespoPositive, vespoNegative }: Pick<SurrogateOptions, 'vespoPositive' | 'vespoNegative'>,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, s) => {
    let total = 0;
    for (let t = 0; t < width; t++) total += between(logRatios[s * width + t]!, -LIMIT, LIMIT);
    const log = between(total, LEAST, LIMIT);
    const { k, lambda } = advantages[s * width]! >= 0 ? vespoPositive : vespoNegative;
    return Math.exp(lambda + k * log - lambda * Math.exp(log));
  });
}
