// The tiny world's population for online methods: expected gradients over all 4,096 answers, and the optimum of a KL term in the loss by dynamic programming.
import {
  adamwStep,
  backward,
  logSoftmax,
  embedding,
  OptimiserState,
  ParameterTree,
  scope,
  tensor,
  type Device,
  type Tensor,
} from '@ingot/tensor';
import { ANSWERS, COLUMNS, columnOf, LENGTH, LETTERS, type TinyWorld } from '@ingot/testing';
import { answerSums } from '@ingot/align-rlhf';

/** Ids of letters begin behind end-of-text and the prompt. */
const FIRST_LETTER = 2;
const letterAt = (answer: number, at: number): number => Math.floor(answer / LETTERS ** (LENGTH - 1 - at)) % LETTERS;
/** For every token of every answer its place in a flat table (columns, letters), (4096 · 4). */
const places = Int32Array.from({ length: ANSWERS * LENGTH }, (_, i) => {
  const [answer, at] = [Math.floor(i / LENGTH), i % LENGTH];
  return columnOf(answer, at) * LETTERS + letterAt(answer, at);
});
/** And the column alone: the place that a value belongs to. */
const columns = Int32Array.from({ length: ANSWERS * LENGTH }, (_, i) => columnOf(Math.floor(i / LENGTH), i % LENGTH));
export const lengths = new Array<number>(ANSWERS).fill(LENGTH);

/** What a step sees: log π of all tokens (4096 · 4) with gradient, values of their places, and numbers of the policy as it was at the round's beginning. */
export interface PopulationStep {
  readonly tokens: Tensor;
  readonly values: Tensor;
  readonly old: Float32Array;
  readonly oldValues: Float32Array;
  /** log π_ref of all tokens. */
  readonly reference: Float32Array;
  /** π of each answer at the round's beginning: what expected gradients are weighted by. */
  readonly weights: Float64Array;
}
export interface PopulationRun {
  readonly device: Device;
  readonly world: TinyWorld;
  /** Makes a round's loss from what its first step sees; called at every step of the round. */
  loss(step: PopulationStep): Tensor;
  readonly rounds: number;
  /** Updates of a round; 1 unless said. */
  readonly updates?: number;
  /** Peak learning rate of Adam. */
  readonly lr: number;
}

/** log π of every answer at the end, in float32 sums, (4096). */
export async function learnPopulation({
  device,
  world,
  loss,
  rounds,
  updates = 1,
  lr,
}: PopulationRun): Promise<Float64Array> {
  const tree = ParameterTree.create(device, [
    { name: 'table', shape: [COLUMNS - 1, LETTERS] },
    { name: 'values', shape: [COLUMNS - 1, 1] },
  ]);
  const state = new OptimiserState();
  const stored = await world.model.read('table.weight');
  tree.get('table').load(
    Float32Array.from({ length: (COLUMNS - 1) * LETTERS }, (_, at) => {
      const [column, letter] = [Math.floor(at / LETTERS), at % LETTERS];
      return stored[(letter + FIRST_LETTER) * COLUMNS + column]!;
    }),
  );
  const gather = (table: Tensor, rows: Int32Array): Tensor =>
    embedding(table, tensor(device, rows, [rows.length], 'i32')).reshape([rows.length]);
  const look = () => {
    const tokens = gather(logSoftmax(tree.get('table')).reshape([(COLUMNS - 1) * LETTERS, 1]), places);
    return { tokens, values: gather(tree.get('values'), columns) };
  };
  const numbers = () =>
    scope(() => {
      const { tokens, values } = look();
      return { old: Float32Array.from(tokens.read()), oldValues: Float32Array.from(values.read()) };
    });
  const reference = numbers().old;
  try {
    for (let round = 0; round < rounds; round++) {
      const { old, oldValues } = numbers();
      const weights = answerSums(old, lengths).map(Math.exp);
      for (let update = 0; update < updates; update++) {
        scope(() => backward(loss({ ...look(), old, oldValues, reference, weights })));
        // Up to the peak for a quarter of the run, then down on a line.
        const at = round / rounds;
        const factor = Math.min(1, (1 - at) / 0.75);
        adamwStep(tree, state, {
          lr: lr * factor,
          beta1: 0.9,
          beta2: 0.99,
          epsilon: 1e-12,
          weightDecay: 0,
          gradientScale: 1,
        });
        tree.zeroGradients();
      }
    }
    return answerSums(numbers().old, lengths);
  } finally {
    state.dispose();
    tree.dispose();
  }
}

/** Probabilities of letters with π(a) = β ref(a) / (β + V − Q(a)), and V, which makes them sum to 1: found by bisection. */
function balanced(
  reference: readonly number[],
  q: readonly number[],
  beta: number,
): { readonly policy: number[]; readonly value: number } {
  const most = Math.max(...q);
  const of = (value: number): number[] => reference.map((p, a) => (beta * p) / (beta + value - q[a]!));
  // The sum falls with V: above 1 near the pole, at most 1 where V is the largest Q.
  let [low, high] = [most - beta, most];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (of(middle).reduce((a, b) => a + b, 0) > 1) low = middle;
    else high = middle;
  }
  return { policy: of(high), value: high };
}

/**
 * Where GRPO with k3 in its loss stands still: for each beginning s, π(a|s)(Q(s, a) − V(s)) = β (π(a|s) − π_ref(a|s)), since the gradient of k3 over
 * samples of π is that of KL(π_ref ‖ π) at s, and no later KL counts in Q. Solved from the last letter backwards; log π of every answer, (4096).
 */
export function lossKlOptimum(world: TinyWorld, beta: number, reward: ArrayLike<number> = world.reward): Float64Array {
  const reference = world.logReference.map(Math.exp);
  const log = new Float64Array(ANSWERS);
  const solve = (first: number, count: number): number => {
    if (count === 1) return reward[first]!;
    const size = count / LETTERS;
    const starts = Array.from({ length: LETTERS }, (_, a) => first + a * size);
    const q = starts.map((start) => solve(start, size));
    const masses = starts.map((start) => reference.subarray(start, start + size).reduce((a, b) => a + b, 0));
    const whole = masses.reduce((a, b) => a + b, 0);
    const { policy, value } = balanced(
      masses.map((mass) => mass / whole),
      q,
      beta,
    );
    starts.forEach((start, a) => {
      for (let answer = start; answer < start + size; answer++) log[answer]! += Math.log(policy[a]!);
    });
    return value;
  };
  solve(0, ANSWERS);
  return log;
}

/** The same where advantages are divided by their deviation (+ 1e-4): the deviation of the reward under the answer itself, found by damped iteration. */
export function scaledKlOptimum(world: TinyWorld, beta: number): Float64Array {
  let deviation = 1;
  let found = lossKlOptimum(world, beta);
  for (let i = 0; i < 200; i++) {
    const scale = deviation + 1e-4;
    found = lossKlOptimum(
      world,
      beta,
      world.reward.map((r) => r / scale),
    );
    const mean = found.reduce((sum, log, y) => sum + Math.exp(log) * world.reward[y]!, 0);
    const variance = found.reduce((sum, log, y) => sum + Math.exp(log) * (world.reward[y]! - mean) ** 2, 0);
    deviation += 0.5 * (Math.sqrt(variance) - deviation);
  }
  return found;
}
