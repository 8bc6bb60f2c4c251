// The fake family keeps the contract; families that look ahead, miscount or lose a gradient are found.
import type { FamilyValue } from '@ingot/contracts';
import { fakeDesign, fakeFamily, fakeTokenizer } from '@ingot/contracts/fakes';
import { add, mean, mul, reshape, type Tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { failingChecks, familyChecks, familySuite } from './index.js';

const design = { ...fakeDesign(fakeTokenizer(), 6), vocabSize: 29, context: 8 };
familySuite('fake', { family: fakeFamily, design });

/** The mean over positions, added to every position: it sees the future. */
const peeking = (hidden: Tensor): Tensor => {
  const [batch = 0, , width = 0] = hidden.shape;
  return add(hidden, reshape(mean(hidden, 1), [batch, 1, width]));
};
/** The mean over the batch, added to every row. */
const mixing = (hidden: Tensor): Tensor => {
  const [, length = 0, width = 0] = hidden.shape;
  return add(hidden, reshape(mean(hidden, 0), [1, length, width]));
};
/** A copy of a tensor through the host, through which no gradient flows. */
const cut = (hidden: Tensor): Tensor => mul(hidden.detach(), hidden);

const after = (change: (hidden: Tensor) => Tensor): FamilyValue => ({
  ...fakeFamily,
  forward: (...given) => change(fakeFamily.forward(...given)),
});
const planted: Readonly<Record<string, readonly [FamilyValue, RegExp]>> = {
  'sees the future': [after(peeking), /^causality/],
  'mixes the rows of a batch': [after(mixing), /^a row of a batch/],
  'leaks between packed documents': [after(peeking), /^packed documents/],
  'loses a part of its gradient': [after(cut), /^gradients/],
  'gives another shape': [after((hidden) => reshape(hidden, [hidden.size])), /^shapes/],
  'ignores its ids': [after((hidden) => mul(hidden, 0)), /^causality/],
  miscounts: [
    { ...fakeFamily, estimate: (...given) => ({ ...fakeFamily.estimate(...given), parameters: 1 }) },
    /^the estimate/,
  ],
  'names a head that it lacks': [{ ...fakeFamily, head: () => 'head' }, /^the head/],
  'names a parameter twice': [
    { ...fakeFamily, parameters: (given) => [...fakeFamily.parameters(given), ...fakeFamily.parameters(given)] },
    /^parameters have distinct/,
  ],
};
test.for(Object.entries(planted))('planted: one that %s', async ([, [family, wanted]]) => {
  expect((await failingChecks(familyChecks({ family, design }))).filter((name) => wanted.test(name))).not.toEqual([]);
});
