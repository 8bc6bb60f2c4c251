// A policy loss: a surrogate of importance ratios, an average over tokens and answers, and a KL term where it has one.
import type { LossParts } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { add, affine, mul, scope, sum } from '@ingot/tensor';
import { klTerm, type KlEstimator } from '../estimators/kl.js';
import { answerRows, upload, type AnswerBatch, type AnswerRows } from './answers.js';
import { averages, type Average } from './averages.js';
import type { Importance } from './importance.js';
import { surrogateDefaults, type SurrogateOptions } from './options.js';
import { surrogates, type Surrogate } from './surrogates.js';

/** What a loss consists of. */
export interface PolicyLossForm {
  readonly surrogate: Surrogate;
  readonly importance: Importance;
  readonly average: Average;
  /** Whether the mean over tokens is the rollout's even where a step sees a part of it, as DAPO has it. */
  readonly over?: 'rollout';
}
export interface PolicyLossOptions extends Partial<SurrogateOptions> {
  /** Weight of the KL term; 0 unless said. */
  readonly beta?: number;
  /** Its estimator; k3 unless said. k1 is refused: its gradient vanishes in expectation. */
  readonly klEstimator?: Exclude<KlEstimator, 'k1'>;
  /** The most tokens of an answer, for `fixed-length`. */
  readonly maxTokens?: number;
}

/** Sums over ratios, tokens or answers, as the loss has them. */
function clipStats(rows: AnswerRows, ratios: ArrayLike<number>, width: number, options: SurrogateOptions) {
  const { epsilon, epsilonHigh = epsilon } = options;
  const stats = { ratios: 0, 'clip/low': 0, 'clip/high': 0, tokens: 0, approximateKl: 0 };
  rows.lengths.forEach((length, s) => {
    stats.tokens += length;
    for (let t = 0; t < length; t++) stats.approximateKl += 0.5 * rows.logRatios[s * rows.width + t]! ** 2;
    for (let t = 0; t < (width === 1 ? Math.min(1, length) : length); t++) {
      const [ratio, advantage] = [ratios[s * width + t]!, rows.advantages[s * rows.width + t]!];
      stats.ratios++;
      if (ratio < 1 - epsilon && advantage < 0) stats['clip/low']++;
      if (ratio > 1 + epsilonHigh && advantage > 0) stats['clip/high']++;
    }
  });
  return stats;
}

/**
 * The loss of a batch as a sum and a weight, exact over micro-batches, with sums for watching: clipped ratios of `ratios`, ½ Δ² of `tokens`, and `kl`
 * where there is a reference. Throws `bad-batch` for lists that do not fit, and for a KL term without a reference.
 */
export function policyLoss(batch: AnswerBatch, form: PolicyLossForm, given: PolicyLossOptions = {}): LossParts {
  const options = { ...surrogateDefaults, ...given };
  const { beta = 0, klEstimator = 'k3', maxTokens } = given;
  if (beta !== 0 && batch.reference === undefined)
    throw new IngotError(
      'bad-batch',
      `A policy loss with beta ${beta} wants the reference's log-probabilities, got none. Give 'reference', or beta 0.`,
    );
  if (form.average === 'fixed-length' && maxTokens === undefined)
    throw new IngotError(
      'bad-batch',
      `A loss over a fixed length wants 'maxTokens', the most tokens that an answer may have, got none.`,
    );
  return scope(() => {
    const rows = answerRows(batch);
    const { loss, ratio } = surrogates[form.surrogate](rows, form.importance, options);
    const average = averages[form.average];
    const factors = new Float64Array(rows.rows * rows.width);
    let weight = 0;
    rows.lengths.forEach((length, s) => {
      factors.fill(rows.weights[s]! * average.factor(length), s * rows.width, s * rows.width + length);
      weight += rows.weights[s]! * average.weight(length, maxTokens ?? 0);
    });
    const mask = upload(rows, factors, [rows.rows, rows.width]);
    const stats: Record<string, number> = clipStats(rows, ratio.read(), ratio.shape[1]!, options);
    if (beta === 0) return { sum: sum(mul(loss, mask)), weight, stats };
    const kl = klTerm(rows.policy, rows.reference!, klEstimator); // (S, T)
    const numbers = kl.read();
    stats.kl = rows.lengths.reduce(
      (total, length, s) =>
        total + Array.from({ length }, (_, t) => numbers[s * rows.width + t]!).reduce((a, b) => a + b, 0),
      0,
    );
    return { sum: sum(mul(add(loss, affine(kl, beta, 0)), mask)), weight, stats };
  });
}
