// The population of a tiny world: every pair of its 4,096 answers with its exact weight, and the policy that minimises a loss over it.
// Pairs are drawn from the reference: weight(i chosen, j rejected) = π_ref(i) π_ref(j) σ(r_i − r_j).
import type { LossParts, PreferenceBatch } from '@ingot/contracts';
import {
  add,
  adamwStep,
  backward,
  embedding,
  logSoftmax,
  OptimiserState,
  ParameterTree,
  scope,
  sum,
  tensor,
  zeros,
  type Device,
  type Tensor,
} from '@ingot/tensor';
import { ANSWERS, COLUMNS, columnOf, LENGTH, LETTERS } from './answers.js';
import { FIRST_LETTER, type TinyWorld } from './tiny-world.js';

/** Rejected answers that are taken against all chosen ones at once. */
const BLOCK = 256;
/** Tokens of an answer as a stage counts them: four letters and the end. */
const TOKENS = LENGTH + 1;

/** A tabular policy: log π of all answers, (4096), from logits (columns, letters). */
function policyOf(table: Tensor): Tensor {
  const flat = logSoftmax(table).reshape([(COLUMNS - 1) * LETTERS, 1]);
  const places = Int32Array.from({ length: ANSWERS * LENGTH }, (_, i) => {
    const [answer, at] = [Math.floor(i / LENGTH), i % LENGTH];
    const letter = Math.floor(answer / LETTERS ** (LENGTH - 1 - at)) % LETTERS;
    return columnOf(answer, at) * LETTERS + letter;
  });
  return sum(embedding(flat, tensor(table.device, places, [ANSWERS, LENGTH], 'i32')).reshape([ANSWERS, LENGTH]), 1);
}

/** P(chosen i, rejected j) of all i and the block's j: π_ref(i) π_ref(j) σ(r_i − r_j). */
const weightsOf = ({ logReference, reward }: TinyWorld, first: number): Float32Array =>
  Float32Array.from({ length: ANSWERS * BLOCK }, (_, at) => {
    const [i, j] = [Math.floor(at / BLOCK), first + (at % BLOCK)];
    return i === j ? 0 : Math.exp(logReference[i]! + logReference[j]!) / (1 + Math.exp(reward[j]! - reward[i]!));
  });

/** What is minimised, and where. */
export interface PopulationProblem {
  readonly device: Device;
  readonly world: TinyWorld;
  /** A loss of pairs that minds their weights; its options chosen. */
  readonly loss: (batch: PreferenceBatch) => LossParts;
  /** 100 unless said: half a second each on two cores. */
  readonly steps?: number;
  /** Peak learning rate of Adam, 0.4 unless said. */
  readonly lr?: number;
}

/** Adds the gradient of the population loss into the table; gives the loss. */
function populationStep(
  { device, world, loss }: PopulationProblem,
  table: Tensor,
  weights: readonly Float32Array[],
): number {
  return scope(() => {
    const policy = policyOf(table);
    const reference = tensor(device, Float32Array.from(world.logReference), [ANSWERS]);
    const lengths = new Float32Array(ANSWERS * BLOCK).fill(TOKENS);
    let total = 0;
    const parts: Tensor[] = [];
    weights.forEach((pairWeights, block) => {
      const chosen = (x: Tensor): Tensor =>
        add(x.reshape([ANSWERS, 1]), zeros(device, [1, BLOCK])).reshape([ANSWERS * BLOCK]);
      const ids = tensor(
        device,
        Int32Array.from({ length: BLOCK }, (_, j) => block * BLOCK + j),
        [BLOCK],
        'i32',
      );
      const rejected = (x: Tensor): Tensor =>
        add(embedding(x.reshape([ANSWERS, 1]), ids).reshape([1, BLOCK]), zeros(device, [ANSWERS, 1])).reshape([
          ANSWERS * BLOCK,
        ]);
      const side = (of: (x: Tensor) => Tensor) => ({ policy: of(policy), reference: of(reference), lengths });
      const made = loss({ chosen: side(chosen), rejected: side(rejected), weights: pairWeights });
      total += made.sum.item();
      parts.push(made.sum);
    });
    backward(parts.reduce((a, b) => add(a, b)));
    return total;
  });
}

/** log π of every answer of the tabular policy that minimises the loss over the whole population, starting from the reference, (4096). */
export async function populationOptimum(problem: PopulationProblem): Promise<Float64Array> {
  const { device, world, steps = 100, lr = 0.4 } = problem;
  const tree = ParameterTree.create(device, [{ name: 'table', shape: [COLUMNS - 1, LETTERS] }]);
  const state = new OptimiserState();
  try {
    const stored = await world.model.read('table.weight');
    tree.get('table').load(
      Float32Array.from({ length: (COLUMNS - 1) * LETTERS }, (_, at) => {
        const [column, letter] = [Math.floor(at / LETTERS), at % LETTERS];
        return stored[(letter + FIRST_LETTER) * COLUMNS + column]!;
      }),
    );
    const weights = Array.from({ length: ANSWERS / BLOCK }, (_, block) => weightsOf(world, block * BLOCK));
    for (let step = 0; step < steps; step++) {
      populationStep(problem, tree.get('table'), weights);
      const rate = lr * Math.min(1, 1.5 * (1 - step / steps));
      adamwStep(tree, state, { lr: rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, weightDecay: 0, gradientScale: 1 });
      tree.zeroGradients();
    }
    return Float64Array.from(scope(() => policyOf(tree.get('table')).read() as Float32Array));
  } finally {
    state.dispose();
    tree.dispose();
  }
}
