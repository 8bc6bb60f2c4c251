// Online DPO over every pair of the tiny world's answers, each by π(i) π(j), its label by what it is worth in expectation, σ(r_i − r_j).
// The gradient of Σ π(i) π(j) ℓ(i, j) to log π of every answer, π in front held still: by the product's own loss in blocks, or in closed form.
import { answerSums, pairLoss } from '@ingot/align-rlhf';
import { add, backward, mul, ParameterTree, scope, slice, sum, tensor, zeros, type Device } from '@ingot/tensor';
import { ANSWERS, LENGTH, type TinyWorld } from '@ingot/testing';
import { lengths, type PopulationRun } from './rl-population.js';

/** A policy and its reference over all answers, log π and log π_ref, (4096) each. */
export interface PairPolicy {
  readonly policy: Float64Array;
  readonly reference: Float64Array;
  readonly reward: Float64Array;
  readonly beta: number;
}
/** ∂ Σ π(i) π(j) ℓ(i, j) / ∂ log π(i), (4096). */
type PairGradient = (pairs: PairPolicy) => ArrayLike<number>;

/** Answers of a block's side. */
const SIDE = 256;
/** By `pairLoss` over all 16.7 million pairs: a block of two sides counts twice, for the pair and for the pair turned round, whose loss is the same. */
export const gradientOfLoss =
  (device: Device): PairGradient =>
  ({ policy, reference, reward, beta }) => {
    const tree = ParameterTree.create(device, [{ name: 'answers', shape: [ANSWERS] }]);
    try {
      const answers = tree.get('answers');
      answers.load(Float32Array.from(policy));
      const [share, worth] = [policy.map(Math.exp), reward.map(Math.exp)];
      const size = SIDE * SIDE;
      for (let left = 0; left < ANSWERS; left += SIDE)
        for (let right = left; right < ANSWERS; right += SIDE) {
          const make = (): Float64Array => new Float64Array(size);
          const batch = { reference: { first: make(), second: make() }, better: make(), weights: make() };
          for (let at = 0; at < size; at++) {
            const [i, j] = [left + Math.floor(at / SIDE), right + (at % SIDE)];
            batch.reference.first[at] = reference[i]!;
            batch.reference.second[at] = reference[j]!;
            batch.better[at] = worth[i]! / (worth[i]! + worth[j]!);
            batch.weights[at] = (left === right ? 1 : 2) * share[i]! * share[j]!;
          }
          scope(() => {
            const side = (from: number, shape: number[], other: number[]) =>
              add(slice(answers, [from], [SIDE]).reshape(shape), zeros(device, other)).reshape([size]);
            const first = side(left, [SIDE, 1], [1, SIDE]);
            const second = side(right, [1, SIDE], [SIDE, 1]);
            backward(pairLoss({ ...batch, first, second }, 'sigmoid', beta).sum);
          });
        }
      return Float32Array.from(answers.gradient!.read());
    } finally {
      tree.dispose();
    }
  };

/**
 * In closed form: 2 β π(i) Σ_j π(j) (σ(β h(i, j)) − σ(r_i − r_j)), h the difference of log-ratios to the reference.
 * σ of a difference is a ratio, e_i / (e_i + e_j), so that a pair costs two divisions.
 */
export const gradientInClosedForm: PairGradient = ({ policy, reference, reward, beta }) => {
  const share = policy.map(Math.exp);
  const said = policy.map((log, i) => Math.exp(beta * (log - reference[i]!)));
  const worth = reward.map(Math.exp);
  const sums = new Float64Array(ANSWERS);
  for (let i = 0; i < ANSWERS; i++) {
    let own = 0;
    for (let j = 0; j < i; j++) {
      const over = said[i]! / (said[i]! + said[j]!) - worth[i]! / (worth[i]! + worth[j]!);
      own += share[j]! * over;
      sums[j]! -= share[i]! * over;
    }
    sums[i]! += own;
  }
  return sums.map((one, i) => 2 * beta * share[i]! * one);
};

/** Online DPO as a method of the population: the loss is linear in log π, with the gradient that is asked for. */
export const onlineDpo = (
  { reward }: TinyWorld,
  beta: number,
  gradient: PairGradient,
): Pick<PopulationRun, 'loss'> => ({
  loss({ tokens, old, reference }) {
    const [policy, before] = [answerSums(old, lengths), answerSums(reference, lengths)];
    const slope = Float32Array.from(gradient({ policy, reference: before, reward, beta }));
    const logs = sum(tokens.reshape([ANSWERS, LENGTH]), 1);
    return sum(mul(logs, tensor(tokens.device, slope, [ANSWERS])));
  },
});
