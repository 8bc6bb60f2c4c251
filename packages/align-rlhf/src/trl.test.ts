// Every loss and estimator on 100 random batches against TRL 1.16's own code, or independent PyTorch where TRL has none (bench/peers/trl_rl.py):
// to 1e-5 of max(1, |x|), gradients of three batches to 1e-4 of their largest entry. Both sides compute losses in fp32.
import { readFileSync } from 'node:fs';
import type { LossParts } from '@ingot/contracts';
import { backward, Parameter, referenceDevice, scope, sum } from '@ingot/tensor';
import { gatherRows, padTokens } from '@ingot/training';
import { expect, test } from 'vitest';
import { drawBatch, generator, type DrawnBatch } from './drawn.fixture.js';
import {
  answerSums,
  explainedVariance,
  generalisedAdvantages,
  groupAdvantages,
  klEstimates,
  leaveOneOut,
  pairLoss,
  policyLoss,
  policyLosses,
  shapedRewards,
  valueLoss,
  whiten,
  type AdvantageScale,
  type PairForm,
  type PolicyLossName,
  type PolicyLossOptions,
} from './index.js';

const golden = JSON.parse(readFileSync(new URL('./fixtures/trl-rl.json', import.meta.url), 'utf8')) as {
  readonly seed: number;
  readonly batches: number;
  readonly answers: number;
  readonly group: number;
  readonly tokens: number;
  readonly betas: readonly number[];
  readonly losses: Readonly<
    Record<string, { readonly losses: readonly number[]; readonly gradients: readonly (readonly number[])[] }>
  >;
  readonly estimates: Readonly<Record<string, readonly (readonly number[])[]>>;
};
const device = referenceDevice();
const below = generator(golden.seed);
const batches = Array.from({ length: golden.batches }, () => drawBatch(below, golden.answers, golden.tokens));
const { group } = golden;

const groupOf =
  (scale: AdvantageScale) =>
  ({ rewards }: DrawnBatch) =>
    groupAdvantages(rewards, { group, scale });
const inReward = (batch: DrawnBatch) => {
  const kl = answerSums(klEstimates(batch.old, batch.reference, 'k1'), batch.lengths);
  return leaveOneOut(
    batch.rewards.map((reward, i) => reward - 0.05 * kl[i]!),
    { group },
  );
};
const shapedOf = (batch: DrawnBatch) =>
  shapedRewards(klEstimates(batch.old, batch.reference, 'k1'), batch.rewards, batch.lengths, 0.05);
const gaeOf = (batch: DrawnBatch) =>
  generalisedAdvantages(shapedOf(batch), batch.oldValues, batch.lengths, { gamma: 1, lambda: 0.95 });

/** Worst differences of losses, and of gradients in their own scale. */
function compare(
  title: string,
  of: (batch: DrawnBatch, x: Parameter, beta: number) => LossParts,
  start: (batch: DrawnBatch) => readonly number[],
): void {
  const wanted = golden.losses[title]!;
  expect(wanted.losses).toHaveLength(golden.batches);
  let [worst, worstGradient] = [0, 0];
  batches.forEach((batch, index) =>
    scope(() => {
      const x = new Parameter(device, 'x', [start(batch).length]);
      x.load(Float32Array.from(start(batch)));
      const made = of(batch, x, golden.betas[index % golden.betas.length]!);
      const value = wanted.losses[index]!;
      worst = Math.max(worst, Math.abs(made.sum.item() / made.weight - value) / Math.max(1, Math.abs(value)));
      const slopes = wanted.gradients[index];
      if (!slopes) return;
      backward(made.sum, 1 / made.weight);
      const got = x.gradient!.read();
      const scale = Math.max(...slopes.map(Math.abs));
      slopes.forEach((slope, t) => (worstGradient = Math.max(worstGradient, Math.abs(got[t]! - slope) / scale)));
      x.dispose();
    }),
  );
  if (process.env['INGOT_TELL']) console.log(title, worst.toExponential(1), worstGradient.toExponential(1));
  expect(worst).toBeLessThan(1e-5);
  expect(worstGradient).toBeLessThan(1e-4);
}

type LossCase = readonly [PolicyLossName, (batch: DrawnBatch) => ArrayLike<number>, PolicyLossOptions];
const cases: Readonly<Record<string, LossCase>> = {
  grpo: ['grpo', groupOf('group'), {}],
  bnpo: ['bnpo', groupOf('group'), {}],
  dr_grpo: ['dr-grpo', groupOf('group'), {}],
  dapo: ['dapo', groupOf('group'), {}],
  sapo: ['sapo', groupOf('group'), {}],
  vespo: ['vespo', groupOf('group'), {}],
  'dapo clip-higher': ['dapo', groupOf('batch'), { epsilonHigh: 0.28 }],
  'grpo two-sided': ['grpo', groupOf('none'), { ratioCap: 1.3 }],
  gspo: ['gspo', groupOf('group'), {}],
  luspo: ['luspo', groupOf('group'), {}],
  cispo: ['cispo', groupOf('group'), { ratioLimit: 1.2 }],
  rloo: ['rloo', inReward, { beta: 0 }],
  reinforce: [
    'reinforce',
    ({ rewards }) => rewards.map((reward) => reward - rewards.reduce((a, b) => a + b, 0) / rewards.length),
    { beta: 0 },
  ],
  ppo: ['ppo', (batch) => whiten(gaeOf(batch).advantages), { beta: 0 }],
};
test.each(Object.entries(cases))('loss %s', (title, [name, advantages, options]) =>
  compare(
    title,
    (batch, policy, beta) =>
      policyLoss({ ...batch, policy, advantages: advantages(batch) }, policyLosses[name], {
        beta,
        maxTokens: golden.tokens,
        ...options,
      }),
    (batch) => batch.policy,
  ),
);
test('the value loss, clipped', () =>
  compare(
    'value',
    (batch, values) => valueLoss({ ...batch, values, old: batch.oldValues, returns: gaeOf(batch).returns }, 0.2),
    (batch) => batch.values,
  ));
test.each(['sigmoid', 'ipo'] as const)('online DPO by %s', (form: PairForm) =>
  compare(
    `online-dpo ${form}`,
    (batch, policy) => {
      const places = [0, 1].map((side) =>
        Int32Array.from({ length: golden.answers / 2 }, (_, pair) => 2 * pair + side),
      );
      const sums = sum(padTokens(policy, batch.lengths), 1).reshape([golden.answers, 1]);
      const host = answerSums(batch.reference, batch.lengths);
      const pick = (side: number) => gatherRows(sums, places[side]!).reshape([golden.answers / 2]);
      return pairLoss(
        {
          first: pick(0),
          second: pick(1),
          reference: { first: host.filter((_, i) => i % 2 === 0), second: host.filter((_, i) => i % 2 === 1) },
          better: Array.from({ length: golden.answers / 2 }, () => 1),
        },
        form,
        0.1,
      );
    },
    (batch) => batch.policy,
  ),
);
test('every loss of the package and of the reference has a case', () => {
  expect([...Object.keys(cases), 'value', 'online-dpo sigmoid', 'online-dpo ipo'].sort()).toEqual(
    Object.keys(golden.losses).sort(),
  );
  expect(new Set(Object.values(cases).map(([name]) => name))).toEqual(new Set(Object.keys(policyLosses)));
});

const estimates: Readonly<Record<string, (batch: DrawnBatch) => ArrayLike<number>>> = {
  'advantages group': groupOf('group'),
  'advantages batch': groupOf('batch'),
  'advantages none': groupOf('none'),
  'leave-one-out': inReward,
  gae: (batch) => gaeOf(batch).advantages,
  whitened: (batch) => whiten(gaeOf(batch).advantages),
  'whitened, mean kept': (batch) => whiten(gaeOf(batch).advantages, { shiftMean: false }),
  k3: (batch) => klEstimates(batch.old, batch.reference, 'k3'),
  'explained variance': (batch) => [explainedVariance(gaeOf(batch).returns, batch.oldValues)],
};
test.each(Object.entries(estimates))('estimate %s', (title, of) => {
  const wanted = golden.estimates[title]!;
  let worst = 0;
  batches.forEach((batch, index) => {
    const got = Array.from(of(batch));
    expect(got).toHaveLength(wanted[index]!.length);
    wanted[index]!.forEach((x, i) => (worst = Math.max(worst, Math.abs(got[i]! - x) / Math.max(1, Math.abs(x)))));
  });
  if (process.env['INGOT_TELL']) console.log(title, worst.toExponential(1));
  expect(worst).toBeLessThan(1e-5);
  expect(Object.keys(golden.estimates)).toContain(title);
});
