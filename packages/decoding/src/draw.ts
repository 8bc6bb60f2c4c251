// The draw of a token: a number that depends on seed, sequence and position alone, and the inverse of the cumulative distribution.
import { IngotError } from '@ingot/core';
import { philox4x32 } from '@ingot/tensor';
import { expBelowZero } from './exp.js';

/** Fourth word of the counter: keeps draws apart from dropout masks and initialisation under one seed. */
const drawStream = 0x64726177;

/**
 * A uniform number in [0, 1) of 53 bits from Philox 4x32-10 (Salmon et al. 2011): key = seed, counter = (position, sequence, 0, stream).
 * So a sample depends neither on its neighbours nor on the order of work. `seed` is a whole number of at most 53 bits.
 */
export function drawNumber(seed: number, sequence: number, position: number): number {
  const words = philox4x32([position, sequence, 0, drawStream], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
  return ((words[0] >>> 5) * 2 ** 26 + (words[1] >>> 6)) / 2 ** 53;
}

/** Room for the weights of one row, kept from draw to draw. */
let weights = new Float64Array(0);

/**
 * The token at `uniform` of the distribution softmax(logits), summed in double precision in the order of ids; −Infinity is never drawn.
 * Throws `bad-numbers` when a logit is NaN or +Infinity, or when every token was removed.
 */
export function drawToken(logits: Float32Array, uniform: number, where = 'The draw'): number {
  const count = logits.length;
  let largest = -Infinity;
  // By index: an iterator costs more than the exponential.
  for (let id = 0; id < count; id++) {
    const logit = logits[id]!;
    if (!(logit < Infinity))
      throw new IngotError(
        'bad-numbers',
        `${where} wants finite logits, got ${logit}. The weights may hold NaN: try an earlier checkpoint.`,
      );
    if (logit > largest) largest = logit;
  }
  if (largest === -Infinity)
    throw new IngotError(
      'bad-numbers',
      `${where} wants at least one token, but the samplers removed all ${logits.length}. Loosen or drop one of them.`,
    );
  if (weights.length < count) weights = new Float64Array(count);
  let total = 0;
  for (let id = 0; id < count; id++) total += weights[id] = expBelowZero(logits[id]! - largest);
  const threshold = uniform * total;
  let cumulative = 0;
  let last = 0;
  for (let id = 0; id < count; id++) {
    const weight = weights[id]!;
    if (weight === 0) continue;
    cumulative += weight;
    last = id;
    if (cumulative > threshold) return id;
  }
  return last; // uniform · total may round up to the total
}
