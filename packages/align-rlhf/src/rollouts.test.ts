// Rollouts: reproducible, independent of their neighbours, with the trainer's log-probabilities to the bit; a planted mismatch is seen and named.
import { noGrad, plainWeights, scope } from '@ingot/tensor';
import { gptFamily } from '@ingot/model-gpt';
import { chatEncoder } from '@ingot/text';
import { initialParameters } from '@ingot/training';
import { expect, test } from 'vitest';
import { makeRollouts, mismatchOf, mismatchText, scoreAnswers, tempered } from './index.js';
import { design, device, tokenizer } from './world.fixture.js';

const specs = gptFamily
  .parameters(design)
  .map((spec) => (spec.init.kind === 'normal' ? { ...spec, init: { kind: 'normal' as const, std: 0.3 } } : spec));
const open = (seed = 3) => {
  const parameters = initialParameters(device, specs, seed);
  return { live: { device, family: gptFamily, design, weights: plainWeights(parameters) }, parameters };
};
const encoder = chatEncoder({ tokenizer });
const prompts = [[1], [2, 3, 4], [5, 6], [7, 1, 2, 3, 4, 5]].map((ids, row) => ({ row, ids: Int32Array.from(ids) }));
const how = { encoder, tokens: 9, generations: 3, seed: 2 ** 40 + 5, round: 0 };
const trained = (live: ReturnType<typeof open>['live'], answers: Awaited<ReturnType<typeof makeRollouts>>) =>
  noGrad(() => scope(() => Float32Array.from(scoreAnswers(live, answers).tokens!.read())));

test('the same whatever is drawn beside it; another round or seed draws others', async () => {
  const { live } = open();
  const all = await makeRollouts(live, prompts, how);
  expect(all).toHaveLength(12);
  expect(all.map(({ row }) => row)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  for (const atOnce of [1, 2, 5]) expect(await makeRollouts(live, prompts, { ...how, atOnce })).toEqual(all);
  const ids = (some: typeof all) => some.map((one) => [...one.ids]);
  expect(ids(await makeRollouts(live, prompts, { ...how, round: 1 }))).not.toEqual(ids(all));
  expect(ids(await makeRollouts(live, prompts, { ...how, seed: 5 }))).not.toEqual(ids(all));
  expect(new Set(all.slice(0, 3).map(({ text }) => text)).size).toBeGreaterThan(1);
  await expect(makeRollouts(live, [], how)).rejects.toThrow('Rollouts want prompts, got none');
});

test('log-probabilities are those of the trainer, for every composition of the batch, at every temperature', async () => {
  for (const temperature of [1, 0.7]) {
    const live = tempered(open().live, temperature);
    const all = await makeRollouts(live, prompts, how);
    expect(mismatchOf(all, trained(live, all)).largest).toBe(0);
    for (const some of [all.slice(0, 1), all.slice(5, 8), all.toReversed()])
      expect(mismatchOf(some, trained(live, some)).largest).toBe(0);
    // With gradient: the pass that training makes.
    scope(() => expect(mismatchOf(all, scoreAnswers(live, all, { entropy: true }).tokens!.read()).largest).toBe(0));
  }
});

test('a planted mismatch is seen and named: stale weights, another temperature, one bit', async () => {
  const { live, parameters } = open();
  const all = await makeRollouts(live, prompts, how);
  const good = trained(live, all);
  const planted = Float32Array.from(good);
  const at = all[0]!.logProbabilities.length + 2;
  planted[at] = planted[at]! + 2 ** -22;
  const found = mismatchOf(all, planted);
  expect(found).toMatchObject({ answer: 1, token: 2, rollout: good[at], training: planted[at] });
  expect(mismatchText(found)).toMatch(/token 2 of answer 1 had log-probability -.* nats apart\. Wanted the same bits/);
  expect(mismatchOf(all, trained(tempered(live, 0.9), all)).largest).toBeGreaterThan(0.01);
  const bias = parameters.get('norm.bias');
  bias.load(Float32Array.from(bias.read(), (x) => x + 0.001));
  expect(mismatchOf(all, trained(live, all)).largest).toBeGreaterThan(0);
  expect(
    mismatchOf(
      all,
      good.map(() => NaN),
    ).largest,
  ).toBeNaN();
});
