// Online methods with expected gradients over all 4,096 answers, γ = λ = 1: those with the KL in the reward end at π_ref · exp(r / β) / Z,
// GRPO with k3 in the loss at an optimum of its own, which is solved for without any gradient.
import {
  answerSums,
  generalisedAdvantages,
  groupAdvantages,
  klEstimates,
  leaveOneOut,
  policyLoss,
  policyLosses,
  shapedRewards,
  valueLoss,
  type PolicyLossName,
} from '@ingot/align-rlhf';
import { add, affine, type Tensor } from '@ingot/tensor';
import { ANSWERS, closedForm, divergence, normalised, tinyWorld, type TinyWorld } from '@ingot/testing';
import { expect, test } from 'vitest';
import { gradientInClosedForm, gradientOfLoss, onlineDpo } from './rl-pairs.js';
import {
  learnPopulation,
  lengths,
  lossKlOptimum,
  scaledKlOptimum,
  type PopulationRun,
  type PopulationStep,
} from './rl-population.js';
import { bestDevice } from './worlds.js';

const beta = 0.5;
/** r − β Σ (log π − log π_ref) of each answer, held still. */
const inReward = (world: TinyWorld, { old, reference }: PopulationStep): Float64Array => {
  const kl = answerSums(klEstimates(old, reference, 'k1'), lengths);
  return world.reward.map((r, y) => r - beta * kl[y]!);
};
const loss = (step: PopulationStep, name: PolicyLossName, advantages: ArrayLike<number>, more = {}): Tensor => {
  const { tokens, old, reference, weights } = step;
  const made = policyLoss({ policy: tokens, old, reference, weights, lengths, advantages }, policyLosses[name], more);
  return affine(made.sum, 1 / made.weight, 0);
};
const group = ANSWERS;
const methods: Readonly<Record<string, (world: TinyWorld) => Pick<PopulationRun, 'loss' | 'updates'>>> = {
  rloo: (world) => ({
    loss: (step) => loss(step, 'rloo', leaveOneOut(inReward(world, step), { group, weights: step.weights })),
  }),
  reinforce: (world) => ({ loss: (step) => loss(step, 'reinforce', inReward(world, step)) }),
  'grpo, k1 in the reward, not scaled': (world) => ({
    loss: (step) =>
      loss(step, 'grpo', groupAdvantages(inReward(world, step), { group, scale: 'none', weights: step.weights })),
  }),
  'online DPO, labels drawn from σ(r₁ − r₂)': (world) => onlineDpo(world, beta, gradientInClosedForm),
};
/** PPO: the critic learns beside the policy, three updates a round, all clipped. */
const ppo = (world: TinyWorld): Pick<PopulationRun, 'loss' | 'updates'> => ({
  updates: 3,
  loss(step) {
    const { old, reference, oldValues, values, weights } = step;
    const rewards = shapedRewards(klEstimates(old, reference, 'k1'), world.reward, lengths, beta);
    const { advantages, returns } = generalisedAdvantages(rewards, oldValues, lengths, { gamma: 1, lambda: 1 });
    const critic = valueLoss({ values, old: oldValues, returns, lengths, weights }, 0.2);
    return add(loss(step, 'ppo', advantages), affine(critic.sum, 1 / critic.weight, 0));
  },
});
const grpoWith = (scale: 'none' | 'group') => (world: TinyWorld) => ({
  loss: (step: PopulationStep) =>
    loss(step, 'grpo', groupAdvantages(world.reward, { group, scale, weights: step.weights }), { beta }),
});

const seeds = [1, 2, 3];
const reached = async (
  seed: number,
  of: (world: TinyWorld) => Pick<PopulationRun, 'loss' | 'updates'>,
  how: { rounds: number; lr: number },
) => {
  const device = bestDevice();
  const world = tinyWorld(seed);
  try {
    return { world, policy: await learnPopulation({ device, world, ...how, ...of(world) }) };
  } finally {
    device.dispose();
  }
};

test.each(Object.entries(methods).flatMap(([name, of]) => seeds.map((seed) => [name, seed, of] as const)))(
  '%s, seed %i: within KL 0.005 of the closed form',
  async (name, seed, of) => {
    const { world, policy } = await reached(seed, of, { rounds: 300, lr: 0.2 });
    const optimum = closedForm(world, beta);
    const [before, after] = [divergence(world.logReference, optimum), divergence(policy, optimum)];
    console.log(`${name}, seed ${seed}: KL ${before.toFixed(3)} -> ${after.toFixed(5)}`);
    expect(before).toBeGreaterThan(1);
    expect(after).toBeLessThanOrEqual(0.005);
  },
);
test.each(seeds)('ppo, seed %i: within KL 0.02 of the closed form', async (seed) => {
  const { world, policy } = await reached(seed, ppo, { rounds: 150, lr: 0.2 });
  const after = divergence(policy, closedForm(world, beta));
  console.log(`ppo, seed ${seed}: KL -> ${after.toFixed(5)}`);
  expect(after).toBeLessThanOrEqual(0.02);
});
test.each(seeds.flatMap((seed) => [['none', seed, lossKlOptimum] as const, ['group', seed, scaledKlOptimum] as const]))(
  'grpo with k3 in the loss, scale %s, seed %i: its own optimum',
  async (scale, seed, optimumOf) => {
    const { world, policy } = await reached(seed, grpoWith(scale), { rounds: 300, lr: 0.2 });
    const own = optimumOf(world, beta);
    const total = own.reduce((all, log) => all + Math.exp(log), 0);
    const after = divergence(policy, own);
    const other = divergence(policy, closedForm(world, beta));
    console.log(
      `grpo k3, scale ${scale}, seed ${seed}: KL to its own ${after.toFixed(5)}, to the closed form ${other.toFixed(3)}`,
    );
    expect(total).toBeCloseTo(1, 9);
    expect(after).toBeLessThanOrEqual(0.005);
    expect(other).toBeGreaterThan(0.4);
  },
);

test('online DPO: its gradient in closed form is that of the loss over all pairs', () => {
  const device = bestDevice();
  const world = tinyWorld(1);
  const { logReference: reference, reward } = world;
  const optimum = closedForm(world, beta);
  const halfway = normalised(reference.map((log, y) => (log + optimum[y]!) / 2));
  /** Gradients to log π(y), for each unit of π(y). */
  const both = (policy: Float64Array) =>
    [gradientInClosedForm, gradientOfLoss(device)].map((of) =>
      Float64Array.from(of({ policy, reference, reward, beta }), (slope, y) => slope / Math.exp(policy[y]!)),
    );
  const largest = (x: Float64Array) => x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  try {
    for (const [policy, least] of [
      [reference, 0.1],
      [halfway, 0.1],
      [optimum, 0],
    ] as const) {
      const [closed, ofLoss] = both(policy);
      const apart = largest(closed!.map((slope, y) => slope - ofLoss![y]!));
      console.log(`online DPO: slopes up to ${largest(closed!).toFixed(4)}, ${apart.toExponential(1)} apart`);
      expect(largest(closed!)).toBeGreaterThanOrEqual(least);
      expect(apart).toBeLessThan(1e-6);
      // At the optimum every pair stands still.
      if (policy === optimum) expect(largest(closed!)).toBeLessThan(1e-12);
    }
  } finally {
    device.dispose();
  }
});
