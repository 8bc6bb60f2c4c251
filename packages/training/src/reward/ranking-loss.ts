// The loss of a ranking of K answers: the mean of the pair loss over its C(K, 2) pairs (Ouyang et al. 2022, equation 1). With two answers it is Bradley and Terry's.
import { add, affine, embedding, mean, sub, tensor, type Tensor } from '@ingot/tensor';
import { bradleyTerry, type PairLossOptions } from './bradley-terry.js';
import type { RankedPair } from './ranked-pairs.js';

/** Scores at some of their places, with gradient: (S) -> (N). */
export function pickScores(scores: Tensor, places: readonly number[]): Tensor {
  const ids = tensor(scores.device, Int32Array.from(places), [places.length], 'i32');
  return embedding(scores.reshape([scores.size, 1]), ids).reshape([places.length]);
}

/**
 * Mean loss in nats over the pairs of one ranking: scores (K), pairs as places in it -> one element. A margin holds for every pair. `preference` is the probability that the winner is the better
 * one: the loss is then the cross-entropy with it, −p log σ(r_w − r_l) − (1 − p) log σ(r_l − r_w), which is the pair loss and (1 − p) · (r_w − r_l).
 */
export function rankingLoss(
  scores: Tensor,
  pairs: readonly RankedPair[],
  {
    margin,
    centring,
    preference = 1,
  }: { readonly margin?: number; readonly centring?: number; readonly preference?: number } = {},
): Tensor {
  const options: PairLossOptions = {
    ...(margin === undefined ? {} : { margins: pairs.map(() => margin) }),
    ...(centring === undefined ? {} : { centring }),
  };
  const winners = pickScores(
    scores,
    pairs.map(({ winner }) => winner),
  );
  const losers = pickScores(
    scores,
    pairs.map(({ loser }) => loser),
  );
  const losses = bradleyTerry(winners, losers, options);
  return mean(preference === 1 ? losses : add(losses, affine(sub(winners, losers), 1 - preference, 0)));
}
