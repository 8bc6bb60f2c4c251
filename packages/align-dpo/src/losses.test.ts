// What the losses promise beside their numbers: identities, running statistics, numbers at the edge, refusals, parts in a pipeline.
import { PreferenceLoss, type Completions, type PreferenceBatch } from '@ingot/contracts';
import { createIngot, definePlugin, defineStage, kind, one } from '@ingot/core';
import { backward, Parameter, referenceDevice, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { drawBatch, generator } from './drawn.fixture.js';
import * as dpo from './index.js';

const device = referenceDevice();
const numbers = (...x: number[]) => tensor(device, x, [x.length]);
const drawn = (seed: number) => drawBatch(device, generator(seed), { rows: 8, tokens: 12 });
const mean = ({ sum, weight }: ReturnType<typeof dpo.sigmoid>) => sum.item() / weight;
const side = (policy: number[], reference?: number[]): Completions => ({
  policy: numbers(...policy),
  lengths: policy.map(() => 2),
  ...(reference && { reference: numbers(...reference) }),
});
const refusal = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('identities: α, ε and weights at which one loss is another', () => {
  const batch = drawn(1);
  const plain = mean(dpo.sigmoid(batch));
  expect(mean(dpo.sigmoid(batch, { ldAlpha: 1 }))).toBe(plain);
  expect(mean(dpo.sigmoid(dpo.lengthDesensitised(batch, 1)))).toBe(plain);
  expect(mean(dpo.cdpo(batch, { labelSmoothing: 0 }))).toBe(plain);
  expect(mean(dpo.robust(batch, { labelSmoothing: 0 }))).toBe(plain);
  expect(mean(dpo.rpo(batch, { sftWeight: 0 }))).toBe(plain);
  expect(mean(dpo.ipo(dpo.lengthNormalised(batch), { perToken: false }))).toBe(mean(dpo.ipo(batch)));
  const options = { divergence: 'js', ldAlpha: 0.5 } as const;
  const own = dpo.withDivergence(dpo.lengthDesensitised(batch, 0.5), 'js');
  expect(mean(dpo.sigmoid(own))).toBe(mean(dpo.sigmoid(batch, options)));
  expect(mean(dpo.sft(own))).toBe(mean(dpo.sft(batch))); // a supervised term sees no transformation
});

test('completions of the same length have no tail: LD-DPO is DPO', () => {
  const tokens = (...x: number[]) => ({ policy: tensor(device, x, [1, 3]), reference: tensor(device, x, [1, 3]) });
  const pairs = dpo.pairFromTokens(
    { ...tokens(-1, -2, -9), lengths: [2] },
    { policy: tensor(device, [-3, -1, -9], [1, 3]), reference: tokens(-2, -2, -9).reference, lengths: [2] },
  );
  expect([...pairs.chosen.policy.read(), ...pairs.rejected.policy.read()]).toEqual([-3, -4]);
  expect(mean(dpo.sigmoid(pairs, { ldAlpha: 0 }))).toBe(mean(dpo.sigmoid(pairs)));
});

test('a supervised text of its own is what RPO, CPO and ORPO train on', () => {
  const batch = drawn(2);
  const supervised = { policy: numbers(...Array.from({ length: 8 }, () => -6)), lengths: Array(8).fill(3) };
  const whole = { ...batch, chosen: { ...batch.chosen, supervised } };
  expect(mean(dpo.sft(whole))).toBeCloseTo(2, 6);
  expect(mean(dpo.rpo(whole)) - mean(dpo.sigmoid(batch))).toBeCloseTo(2, 5);
  expect(mean(dpo.orpo(whole)) - mean(dpo.orpo(batch))).toBeCloseTo(2 - mean(dpo.sft(batch)), 5);
});

test("BCO's δ is the mean reward of all completions so far; KTO's KL is not below 0", () => {
  const [first, second] = [drawn(3), drawn(4)];
  const reward = ({ chosen, rejected }: PreferenceBatch) => {
    const { stats } = dpo.sigmoid({ chosen, rejected });
    return (stats['rewards/chosen'] ?? NaN) + (stats['rewards/rejected'] ?? NaN);
  };
  const after = dpo.bcoStatistics(second, {}, dpo.bcoStatistics(first));
  expect(after.count).toBe(32);
  expect(after.delta).toBeCloseTo((reward(first) + reward(second)) / 32, 6);
  expect(dpo.ktoStatistics({ mismatched: side([-2, -3], [-1, -1]) })).toEqual({ kl: 0 });
  expect(dpo.ktoStatistics({ mismatched: side([-2, -3], [-4, -4]) }).kl).toBe(1.5);
});

test('numbers at the edge stay finite and exact', () => {
  const far = { chosen: side([-9000, -1], [-1, -9000]), rejected: side([-1, -9000], [-9000, -1]) };
  // −log σ(±β · 17998) is 1799.8 and 0.
  expect(mean(dpo.sigmoid(far))).toBeCloseTo((0.1 * 17998) / 2, 3);
  // Average log-probabilities of −1e-6: log odds of −1e-6 less those of −2e-6, in double below.
  const odds = (p: number) => p - Math.log(-Math.expm1(p));
  const near = { chosen: side([-2e-6]), rejected: side([-4e-6]) };
  const wanted = 1e-6 + 0.1 * Math.log1p(Math.exp(-(odds(-1e-6) - odds(-2e-6))));
  expect(Math.abs(mean(dpo.orpo(near)) - wanted)).toBeLessThan(1e-6);
  const policy = new Parameter(device, 'x', [1]);
  policy.load(Float32Array.of(-2e-6));
  backward(dpo.orpo({ chosen: { policy, lengths: [2] }, rejected: near.rejected }).sum);
  expect(policy.gradient?.item()).toSatisfy(Number.isFinite);
});

test.each([
  ['no reference', () => dpo.sigmoid({ chosen: side([-1]), rejected: side([-2]) }), /sigmoid.*reference/],
  ['uneven pairs', () => dpo.cpo({ chosen: side([-1]), rejected: side([-2, -3]) }), /1 chosen and 2 rejected/],
  [
    'an empty completion',
    () => dpo.simpo({ chosen: { ...side([-1]), lengths: [0] }, rejected: side([-1]) }),
    /length of 0/,
  ],
  ['lengths missing', () => dpo.simpo({ chosen: { ...side([-1]), lengths: [] }, rejected: side([-1]) }), /0 lengths/],
  ['no tails', () => dpo.sigmoid({ chosen: side([-1], [-1]), rejected: side([-2], [-2]) }, { ldAlpha: 0.5 }), /tails/],
  ['no mismatched completions', () => dpo.kto({ chosen: side([-1], [-1]) }), /mismatched/],
  ['neither side', () => dpo.bco({}), /neither/],
])('refused: %s', (_name, run, text) => {
  expect(refusal(run)).toMatchObject({ code: 'bad-batch', message: expect.stringMatching(text) });
});
test('refused: options out of range, named with their loss', () => {
  const pairs = { chosen: side([-1], [-1]), rejected: side([-2], [-2]) };
  for (const run of [() => dpo.sigmoid(pairs, { beta: 0 }), () => dpo.robust(pairs, { labelSmoothing: 0.5 })])
    expect(refusal(run)).toMatchObject({
      code: 'bad-options',
      message: expect.stringMatching(/^Loss '(sigmoid|robust)'/),
    });
});

test('a stage chooses a loss by name with its options', async () => {
  const Number_ = kind<number>()('number');
  const score = defineStage({
    name: 'score',
    version: 1,
    inputs: {},
    outputs: { mean: Number_ },
    options: z.strictObject({ loss: one(PreferenceLoss).prefault({ use: 'sigmoid' }) }),
    async *run({ options: { loss } }) {
      const batch = drawn(5);
      const { sum, weight } = loss.loss(batch, loss.statistics?.(batch));
      return { mean: sum.item() / weight };
    },
  });
  const ingot = createIngot({ plugins: [dpo.alignDpo, definePlugin({ name: 'mine', stages: [score] })] });
  const pipeline = ingot.pipeline('losses', (g) => ({
    ipo: g.add('score', {}, { loss: { use: 'ipo', beta: 0.2 } }).mean,
    plain: g.add('score', {}).mean,
    kto: g.add('score', {}, { loss: { use: 'kto', desirableWeight: 2 } }).mean,
  }));
  const batch = drawn(5);
  expect(await pipeline.run().result()).toEqual({
    ipo: mean(dpo.ipo(batch, { beta: 0.2 })),
    plain: mean(dpo.sigmoid(batch)),
    kto: mean(dpo.kto(batch, { desirableWeight: 2 })),
  });
  await ingot.dispose();
});
