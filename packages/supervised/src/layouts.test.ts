// What a layout may not change: packed = a row each = padded to the left, for losses, log-probabilities, rewards and all of their gradients;
// a batch at once = in micro-batches; masked targets get a gradient of exactly zero.
import { backward, scope, sum, mul, tensor, type Tensor } from '@ingot/tensor';
import {
  accumulate,
  packedBatch,
  rewardScores,
  scoredHidden,
  sequenceLogProbabilities,
  weightedLoss,
  type RowsHow,
} from '@ingot/training';
import { describe, expect, test } from 'vitest';
import { miniGpt, promptLength, sequence, weighted } from './mini-gpt.fixture.js';
import { noisyWeights } from './sft/index.js';

const layouts: readonly (readonly [string, RowsHow])[] = [
  ['padded to the right', { packing: 'none' }],
  ['padded to the left', { packing: 'none', side: 'left' }],
  ['packed into long rows', { capacity: 40 }],
  ['packed, padded to the left', { capacity: 33, side: 'left' }],
];
/** Float sums in another order, relative to the largest number of a tensor. */
const tolerance = 1e-5;
const near = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  const largest = Array.from(wanted).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  expect(got.length).toBe(wanted.length);
  expect(Array.from(got).reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i]!)), 0)).toBeLessThan(
    tolerance * largest,
  );
};
type Mini = ReturnType<typeof miniGpt>;
/** A value and the gradients of all parameters. */
function measured(body: (model: Mini) => Tensor, model = miniGpt({ reward: true })) {
  const values = scope(() => {
    const loss = body(model);
    backward(loss);
    return loss.item();
  });
  const gradients = new Map(model.parameters.values().map(({ name, gradient }) => [name, gradient?.read()]));
  return { values, gradients };
}
const same = (got: ReturnType<typeof measured>, wanted: ReturnType<typeof measured>): void => {
  near([got.values], [wanted.values]);
  for (const [name, gradient] of wanted.gradients) near(got.gradients.get(name) ?? [], gradient ?? []);
};
const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const examples = eight.map(weighted);
/** The supervised loss with each example alone in its row, so that there is no padding at all. */
const alone = (() => {
  const model = miniGpt({ reward: true });
  const losses = examples.map((example) =>
    scope(() => {
      const loss = weightedLoss(model, packedBatch([example]));
      backward(loss);
      return loss.item();
    }),
  );
  const gradients = new Map(model.parameters.values().map(({ name, gradient }) => [name, gradient?.read()]));
  return { values: losses.reduce((a, b) => a + b), gradients };
})();

describe.each(layouts)('%s', (_, how) => {
  test('the supervised loss', () => {
    same(
      measured((model) => weightedLoss(model, packedBatch(examples, how))),
      alone,
    );
  });
  test('the supervised loss with noise on embeddings', () => {
    const noise = { alpha: 5, seed: 3, step: 2 };
    const noisy = (model: Mini, some: readonly number[], rows: RowsHow): Tensor => {
      const batch = packedBatch(some.map(weighted), rows);
      return weightedLoss(model, batch, {
        through: (weights, ids) => noisyWeights(weights, ids, batch, { ...noise, examples: some }),
      });
    };
    const together = measured((model) => noisy(model, eight.toReversed(), how));
    same(
      together,
      measured((model) => noisy(model, eight, { packing: 'none' })),
    );
    const quiet = scope(() => weightedLoss(miniGpt(), packedBatch(examples)).item());
    expect(Math.abs(together.values - quiet)).toBeGreaterThan(0.1);
  });
  test('log-probabilities of completions, token by token and summed', () => {
    const scored = eight.map((s) => ({ ids: sequence(s), from: promptLength(s) }));
    const model = miniGpt();
    scope(() => {
      const { tokens, sums, lengths } = sequenceLogProbabilities(model, scored, how);
      const each = scored.map((one) => sequenceLogProbabilities(model, [one]));
      near(
        tokens.read(),
        each.flatMap((one) => [...one.tokens.read()]),
      );
      near(
        sums.read(),
        each.map((one) => one.sums.item()),
      );
      expect([...lengths]).toEqual(scored.map(({ ids, from }) => ids.length - from));
      near([sum(sums).item()], [sum(tokens).item()]);
    });
    const factors = Float32Array.from(eight, (s) => 1 - s / 4);
    const loss = (rows: RowsHow) => (mini: Mini) => {
      const { sums } = sequenceLogProbabilities(mini, scored, rows);
      return sum(mul(sums, tensor(mini.device, factors, [8])));
    };
    same(measured(loss(how)), measured(loss({ packing: 'none' })));
  });
  test('rewards, read at the last real token', () => {
    const model = miniGpt({ reward: true });
    const ids = eight.map(sequence);
    const each = ids.map((one) => scope(() => rewardScores(model, [one]).item()));
    near(
      scope(() => rewardScores(model, ids, how).read()),
      each,
    );
    const factors = Float32Array.from(eight, (s) => 1 - s / 4);
    const loss = (rows: RowsHow) => (mini: Mini) =>
      sum(mul(rewardScores(mini, ids, rows), tensor(mini.device, factors, [8])));
    same(measured(loss(how)), measured(loss({ packing: 'none' })));
  });
});

test.each(['best-fit', 'none'] as const)('a batch of 8 is 2 x 4 and 4 x 2, by weight of tokens: %s', (packing) => {
  const accumulated = (size: number) => {
    const model = miniGpt();
    const micros = Array.from({ length: 8 / size }, (_, i) =>
      packedBatch(examples.slice(i * size, (i + 1) * size), { packing }),
    );
    const { loss } = accumulate(
      micros,
      ({ weight }) => weight,
      (packed) => weightedLoss(model, packed),
    );
    return {
      values: loss,
      gradients: new Map(model.parameters.values().map(({ name, gradient }) => [name, gradient?.read()])),
    };
  };
  const whole = accumulated(8);
  same(accumulated(4), whole);
  same(accumulated(2), whole);
});

describe('masked targets', () => {
  test('only scored places reach the head, and the others get a gradient of exactly zero', () => {
    const model = miniGpt({ untied: true });
    const batch = packedBatch(examples);
    expect(scope(() => scoredHidden(model, batch).shape)).toEqual([batch.scored.length, 32]);
    // The last place of a prompt-only tail: tokens after the last scored target change nothing, to the bit.
    const tail = { ids: sequence(2), weights: Float32Array.from(sequence(2), (_, t) => (t < 4 ? 1 : 0)) };
    const other = { ...tail, ids: tail.ids.map((id, t) => (t < 4 ? id : (id + 7) % 64)) };
    const one = measured((mini) => weightedLoss(mini, packedBatch([tail])), miniGpt({ untied: true }));
    const two = measured((mini) => weightedLoss(mini, packedBatch([other])), miniGpt({ untied: true }));
    expect(two.values).toBe(one.values);
    expect(two.gradients.get('head.weight')).toEqual(one.gradients.get('head.weight'));
    const table = one.gradients.get('wte.weight')!;
    const unread = [...new Set(tail.ids.subarray(4, -1))].filter((id) => !tail.ids.subarray(0, 4).includes(id));
    expect(unread.length).toBeGreaterThan(0);
    for (const id of unread) expect(table.slice(id * 32, (id + 1) * 32)).toEqual(new Float32Array(32));
  });
  test('a weight of zero is a turn that is left out', () => {
    const half = weighted(5);
    const cut = 7;
    const masked = { ...half, weights: half.weights.map((weight, t) => (t < cut ? weight : 0)) };
    const shorter = { ids: half.ids.slice(0, cut), weights: half.weights.slice(0, cut) };
    same(
      measured((model) => weightedLoss(model, packedBatch([masked]))),
      measured((model) => weightedLoss(model, packedBatch([shorter]))),
    );
  });
});
