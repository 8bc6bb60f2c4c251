// What is minimised for each token, before it is averaged: the clipped ratio of PPO, and the forms that others put in its place.
import { affine, maximum, minimum, mul, neg, sigmoid, tensor, type Tensor } from '@ingot/tensor';
import { upload, type AnswerRows } from './answers.js';
import { importanceRatio, type Importance } from './importance.js';
import type { SurrogateOptions } from './options.js';
import { vespoWeights } from './vespo-weights.js';

/** Losses of tokens, (S, T) or (S, 1) where one ratio holds for the answer, and the ratios, of the same shape. */
export interface SurrogateTerms {
  readonly loss: Tensor;
  readonly ratio: Tensor;
}
type SurrogateFunction = (rows: AnswerRows, level: Importance, options: SurrogateOptions) => SurrogateTerms;

const one = (rows: AnswerRows, number: number): Tensor => tensor(rows.device, [number], [1]);
/** Advantages in the shape of the ratio: an answer's single ratio takes the advantage of its first token, which is that of all. */
const advantagesFor = (rows: AnswerRows, ratio: Tensor): Tensor =>
  ratio.shape[1] === rows.width
    ? upload(rows, rows.advantages, [rows.rows, rows.width])
    : upload(
        rows,
        rows.lengths.map((_, s) => rows.advantages[s * rows.width]!),
        [rows.rows, 1],
      );

/** −min(ρ A, clip(ρ, 1 − ε, 1 + ε_high) A) (Schulman et al. 2017, equation 7); `ratioCap` bounds the unclipped ρ too (DAPO's "two-sided", TRL's delta). */
const clip: SurrogateFunction = (rows, level, { epsilon, epsilonHigh, ratioCap }) => {
  const ratio = importanceRatio(rows, level);
  const advantages = advantagesFor(rows, ratio);
  const clipped = minimum(maximum(ratio, one(rows, 1 - epsilon)), one(rows, 1 + (epsilonHigh ?? epsilon)));
  const bounded = ratioCap === undefined ? ratio : minimum(ratio, one(rows, ratioCap));
  return { ratio, loss: neg(minimum(mul(bounded, advantages), mul(clipped, advantages))) };
};

/** −min(ρ, limit) A log π, the bounded ratio held still (CISPO, MiniMax-M1 2025, equation 4). */
const cispo: SurrogateFunction = (rows, level, { ratioLimit }) => {
  const ratio = importanceRatio(rows, level);
  const advantages = advantagesFor(rows, ratio).read();
  const weights = ratio.read().map((rho, i) => -Math.min(rho, ratioLimit) * advantages[i]!);
  return { ratio, loss: mul(upload(rows, weights, ratio.shape), rows.policy) };
};

/** −(4 / τ) σ(τ (ρ − 1)) A, τ by the sign of A (SAPO, 2025): a soft gate in place of the clip. */
const sapo: SurrogateFunction = (rows, level, { temperaturePositive, temperatureNegative }) => {
  const ratio = importanceRatio(rows, level);
  const advantages = advantagesFor(rows, ratio);
  const temperatures = Float64Array.from(advantages.read(), (a) => (a > 0 ? temperaturePositive : temperatureNegative));
  const shape = ratio.shape;
  const gate = sigmoid(mul(upload(rows, temperatures, shape), affine(ratio, 1, -1)));
  const scaled = mul(
    gate,
    upload(
      rows,
      temperatures.map((tau) => 4 / tau),
      shape,
    ),
  );
  return { ratio, loss: neg(mul(scaled, advantages)) };
};

/** −φ(W) A log π, with VESPO's weight φ of the whole answer's ratio W, held still. */
const vespo: SurrogateFunction = (rows, level, options) => {
  const weights = vespoWeights(rows, options);
  const factors = rows.advantages.map((advantage, at) => -weights[Math.floor(at / rows.width)]! * advantage);
  return {
    ratio: importanceRatio(rows, level),
    loss: mul(upload(rows, factors, [rows.rows, rows.width]), rows.policy),
  };
};

/** −A log π: no ratio (Williams 1992). */
const logProbability: SurrogateFunction = (rows, level) => ({
  ratio: importanceRatio(rows, level),
  loss: mul(neg(upload(rows, rows.advantages, [rows.rows, rows.width])), rows.policy),
});

export const surrogates = { clip, cispo, sapo, vespo, 'log-probability': logProbability } satisfies Record<
  string,
  SurrogateFunction
>;
export type Surrogate = keyof typeof surrogates;
