// One pair whose losses were worked out by hand from the formulas: chosen −10 and rejected −12 under the policy, −11 and −11.5 under
// the reference, lengths 5 and 8, so that c = 1, r = −½, Δ = 3/2. Printed to nine digits; 1e-6 of max(1, |x|) is fp32's last digit or two.
import type { LossParts } from '@ingot/contracts';
import { log, logSigmoid, neg, referenceDevice, sub, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import * as dpo from './index.js';

const device = referenceDevice();
const one = (x: number) => tensor(device, [x], [1]);
const pair = {
  chosen: { policy: one(-10), reference: one(-11), lengths: [5] },
  rejected: { policy: one(-12), reference: one(-11.5), lengths: [8] },
};
const kl = { kl: 0.4 };

const cases: readonly (readonly [string, () => LossParts, number])[] = [
  ['sigmoid', () => dpo.sigmoid(pair), 0.620957048],
  ['sigmoid β 0.3', () => dpo.sigmoid(pair, { beta: 0.3 }), 0.493248946],
  ['sigmoid β 0.5', () => dpo.sigmoid(pair, { beta: 0.5 }), 0.386871006],
  ['hinge', () => dpo.hinge(pair), 0.85],
  ['ipo per token', () => dpo.ipo(pair), 22.44390625],
  ['ipo summed', () => dpo.ipo(pair, { perToken: false }), 12.25],
  ['exo', () => dpo.exo(pair), 2.505516555],
  ['nca', () => dpo.nca(pair), 1.350824814],
  ['robust', () => dpo.robust(pair), 0.602207048],
  ['cdpo', () => dpo.cdpo(pair), 0.635957048],
  ['bco-pair', () => dpo.bcoPair(pair), 1.312856308],
  ['sppo', () => dpo.sppo(pair), 36.25],
  ['apo-zero', () => dpo.apoZero(pair), 0.962523416],
  ['apo-down', () => dpo.apoDown(pair), 0.987549342],
  ['discopop', () => dpo.discopop(pair), 0.849337579],
  ['sigmoid-norm', () => dpo.sigmoidNorm(pair), 0.680108311],
  ['sigmoid of length-normalised pairs', () => dpo.sigmoid(dpo.lengthNormalised(pair)), 0.680108311],
  ['simpo', () => dpo.simpo(pair), 1.005492481],
  ['simpo β 2 γ 1', () => dpo.simpo(pair, { beta: 2, gamma: 1 }), 2.126928011],
  ['orpo', () => dpo.orpo(pair), 2.104205781],
  ['cpo without SFT', () => dpo.cpo(pair, { sftWeight: 0 }), 0.598138869],
  ['cpo', () => dpo.cpo(pair), 0.598138869 + 10 / 5],
  ['sft', () => dpo.sft(pair), 10 / 5],
  ['rpo', () => dpo.rpo(pair), 0.620957048 + 10 / 5],
  ['kto chosen', () => dpo.kto({ chosen: pair.chosen }, {}, kl), 0.485004498],
  ['kto rejected', () => dpo.kto({ rejected: pair.rejected }, {}, kl), 0.477515175],
  // Both completions count: half of the pair's loss.
  ['bco without a shift', () => dpo.bco(pair, {}, { delta: 0, count: 0 }), 1.312856308 / 2],
  ['aot of one pair is DPO', () => dpo.aot(pair), 0.620957048],
  ['unpaired aot of one pair is DPO', () => dpo.aotUnpaired(pair), 0.620957048],
];
test.each(cases)('%s', (_name, run, wanted) => {
  const { sum, weight } = run();
  expect(Math.abs(sum.item() / weight - wanted) / Math.max(1, wanted)).toBeLessThan(1e-6);
});

test("ORPO's odds ratio", () => {
  const odds = (p: number) => sub(one(p), log(one(1 - Math.exp(p))));
  const ratio = sub(odds(-10 / 5), odds(-12 / 8));
  expect(ratio.item()).toBeCloseTo(-0.607069001, 6);
  expect(dpo.orpo(pair, { lambda: 1 }).sum.item()).toBeCloseTo(2 + neg(logSigmoid(ratio)).item(), 5);
});

test('what is watched: sums over rows under TRL’s names', () => {
  const { stats, weight } = dpo.sigmoid(pair);
  expect(weight).toBe(1);
  expect(stats).toEqual({
    'rows/chosen': 1,
    'rows/rejected': 1,
    'logps/chosen': -10,
    'logps/rejected': -12,
    'rewards/chosen': 0.1,
    'rewards/rejected': -0.05,
    'rewards/margins': expect.closeTo(0.15, 12),
    'rewards/accuracies': 1,
  });
});

test('every loss of the table is a part of that name, and nothing else is', () => {
  expect(dpo.preferenceParts.map((part) => part.name).sort()).toEqual(Object.keys(dpo.losses).sort());
  for (const [name, loss] of Object.entries(dpo.losses)) expect(loss.name).toBe(name);
});
