// DPO's function on the population: every pair of 4,096 answers with its exact weight. Its minimum is π_ref · exp(r / β) / Z (Rafailov et al. 2023, section 4).
import { sigmoid } from '@ingot/align-dpo';
import {
  ANSWERS,
  closedForm,
  COLUMNS,
  columnOf,
  correlation,
  divergence,
  LENGTH,
  LETTERS,
  tinyWorld,
  type TinyWorld,
} from '@ingot/testing';
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
import { expect, test } from 'vitest';
import { bestDevice } from './worlds.js';

const beta = 0.5;
const STEPS = Number(process.env['STEPS'] ?? 60);
/** Rejected answers that are taken against all chosen ones at once. */
const BLOCK = 256;

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

function populationStep(device: Device, world: TinyWorld, table: Tensor, weights: readonly Float32Array[]): number {
  return scope(() => {
    const policy = policyOf(table);
    const reference = tensor(device, Float32Array.from(world.logReference), [ANSWERS]);
    const lengths = new Float32Array(ANSWERS * BLOCK).fill(LENGTH);
    let loss = 0;
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
      const made = sigmoid({ chosen: side(chosen), rejected: side(rejected), weights: pairWeights }, { beta });
      loss += made.sum.item();
      parts.push(made.sum);
    });
    backward(parts.reduce((a, b) => add(a, b)));
    return loss;
  });
}

test.each([1, 2, 3])(
  'seed %i: KL to the closed form is at most 0.02, and the implicit reward is the planted one',
  { timeout: 900_000 },
  async (seed) => {
    const device = bestDevice();
    const world = tinyWorld(seed);
    const tree = ParameterTree.create(device, [{ name: 'table', shape: [COLUMNS - 1, LETTERS] }]);
    const stored = await world.model.read('table.weight');
    tree.get('table').load(
      Float32Array.from({ length: (COLUMNS - 1) * LETTERS }, (_, at) => {
        const [column, letter] = [Math.floor(at / LETTERS), at % LETTERS];
        return stored[(letter + 2) * COLUMNS + column]!;
      }),
    );
    const weights = Array.from({ length: ANSWERS / BLOCK }, (_, block) => weightsOf(world, block * BLOCK));
    const state = new OptimiserState();
    const optimum = closedForm(world, beta);
    const reached = (): Float64Array =>
      Float64Array.from(scope(() => policyOf(tree.get('table')).read() as Float32Array));
    const before = divergence(reached(), optimum);
    expect(before).toBeCloseTo(divergence(world.logReference, optimum), 3);
    for (let step = 0; step < STEPS; step++) {
      populationStep(device, world, tree.get('table'), weights);
      const lr = Number(process.env['LR'] ?? 0.3) * Math.min(1, 2 * (1 - step / STEPS));
      adamwStep(tree, state, { lr, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, weightDecay: 0, gradientScale: 1 });
      tree.zeroGradients();
    }
    const log = reached();
    const kl = divergence(log, optimum);
    const implicit = log.map((one, i) => beta * (one - world.logReference[i]!));
    const agreement = correlation(implicit, world.reward);
    console.log(`seed ${seed}: KL ${before.toFixed(3)} -> ${kl.toFixed(4)}, correlation ${agreement.toFixed(5)}`);
    expect(kl).toBeLessThanOrEqual(0.02);
    expect(agreement).toBeGreaterThan(0.99);
    state.dispose();
    tree.dispose();
    device.dispose();
  },
);
