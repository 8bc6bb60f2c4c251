// What a loss hands back: the sum over rows with its gradient, its weight, and sums of what users watch (TRL's names).
import type { Completions, LossParts, PreferenceBatch } from '@ingot/contracts';
import { add, mul, sum, tensor, type Tensor } from '@ingot/tensor';

const total = (numbers: ArrayLike<number>): number => {
  let all = 0;
  for (let i = 0; i < numbers.length; i++) all += numbers[i]!;
  return all;
};

/** Sums over the rows of one side: how many, their log-probabilities and their rewards β · score. */
function sideStats(name: 'chosen' | 'rejected', side: Completions, score: ArrayLike<number>, beta: number) {
  const logps = side.supervised?.policy ?? side.policy;
  return {
    [`rows/${name}`]: side.policy.size,
    [`logps/${name}`]: total(logps.read()),
    [`rewards/${name}`]: beta * total(score),
  };
}

/** A loss a pair (B), and the scores that β makes rewards; `rewards/accuracies` counts the pairs in which the chosen one has more. */
export function pairParts(
  batch: PreferenceBatch,
  perPair: Tensor,
  scores: { readonly chosen: Tensor; readonly rejected: Tensor },
  beta: number,
): LossParts {
  const [chosen, rejected] = [scores.chosen.read(), scores.rejected.read()];
  let wins = 0;
  for (let row = 0; row < chosen.length; row++) if (chosen[row]! > rejected[row]!) wins++;
  const stats = {
    ...sideStats('chosen', batch.chosen, chosen, beta),
    ...sideStats('rejected', batch.rejected, rejected, beta),
    'rewards/margins': beta * (total(chosen) - total(rejected)),
    'rewards/accuracies': wins,
  };
  const { weights } = batch;
  return weights === undefined
    ? { sum: sum(perPair), weight: perPair.size, stats }
    : { sum: sum(mul(perPair, tensor(perPair.device, weights, [weights.length]))), weight: total(weights), stats };
}

/** One side of an unpaired batch: its losses and scores, (n). */
export interface UnpairedSide {
  readonly name: 'chosen' | 'rejected';
  readonly side: Completions;
  readonly losses: Tensor;
  readonly score: Tensor;
}
/** The losses of completions that are not in pairs; the weight counts both sides. At least one side must be there. */
export function unpairedParts(sides: readonly [UnpairedSide, ...UnpairedSide[]], beta: number): LossParts {
  const [first, ...rest] = sides.map(({ losses }) => sum(losses));
  return {
    sum: rest.reduce((a, b) => add(a, b), first as Tensor),
    weight: sides.reduce((rows, { losses }) => rows + losses.size, 0),
    stats: Object.assign({}, ...sides.map(({ name, side, score }) => sideStats(name, side, score.read(), beta))),
  };
}
