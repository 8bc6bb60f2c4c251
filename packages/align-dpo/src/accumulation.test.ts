// A batch of 8 is 2 × 4 accumulated, for every loss: the sum, the weight, the gradients and what is watched, to 1e-5 in fp32.
// Losses that are no plain sum over rows take the whole batch's statistics first; without them they do differ.
import { backward, referenceDevice } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { drawBatch, generator } from './drawn.fixture.js';
import { losses, microBatch, microStatistics, type LossDefinition } from './index.js';

const device = referenceDevice();
/** One batch's loss and gradients, from micro-batches of `size` rows; the mean's gradient, so each is scaled by the whole weight. */
function accumulated(loss: LossDefinition, size: number, options: Record<string, unknown> = {}, prepare = true) {
  const batch = drawBatch(device, generator(4), { rows: 8, tokens: 12 });
  const statistics = prepare ? loss.statistics?.(batch, options) : undefined;
  const stats: Record<string, number> = {};
  let [sum, weight] = [0, 0];
  for (let start = 0; start < 8; start += size) {
    const rows = { ...microBatch(batch, start, size), mismatched: batch.mismatched };
    const made = loss.loss(rows, options, statistics && microStatistics(statistics, start, size));
    backward(made.sum);
    sum += made.sum.item();
    weight += made.weight;
    for (const [name, value] of Object.entries(made.stats)) stats[name] = (stats[name] ?? 0) + value;
  }
  const gradients = [batch.chosen, batch.rejected].flatMap(({ policy }) => [...(policy.gradient?.read() ?? [])]);
  return { mean: sum / weight, weight, stats, gradients: gradients.map((slope) => slope / weight) };
}
const close = (got: number, wanted: number): boolean => Math.abs(got - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted));

test.each(Object.values(losses))('$name: 8 = 2 × 4 = 8 × 1', (loss: LossDefinition) => {
  const whole = accumulated(loss, 8);
  for (const size of [4, 1]) {
    const parts = accumulated(loss, size);
    expect(parts.weight).toBe(whole.weight);
    expect(close(parts.mean, whole.mean)).toBe(true);
    expect(parts.gradients).toHaveLength(whole.gradients.length);
    expect(parts.gradients.every((slope, row) => close(slope, whole.gradients[row] ?? NaN))).toBe(true);
    expect(Object.keys(parts.stats)).toEqual(Object.keys(whole.stats));
    for (const [name, value] of Object.entries(whole.stats)) expect(close(parts.stats[name] ?? NaN, value)).toBe(true);
  }
});

test('options that bring transformations or another average accumulate as well', () => {
  for (const [name, options] of [
    ['aot', { ldAlpha: 0.3, labelSmoothing: 0.1 }],
    ['aot-unpaired', { ldAlpha: 0.3, beta: 1 }],
    ['rpo', { average: 'sequences', divergence: 'js' }],
  ] as const) {
    const loss: LossDefinition = losses[name];
    expect(close(accumulated(loss, 2, options).mean, accumulated(loss, 8, options).mean)).toBe(true);
  }
});

test.each([
  ['aot', {}],
  ['aot-unpaired', {}],
  ['bco', { beta: 1 }],
  ['cpo', {}],
  ['orpo', {}],
  ['rpo', {}],
  ['sft', {}],
] as const)('%s: micro-batches that each take themselves for the whole give another loss', (name, options) => {
  const loss: LossDefinition = losses[name];
  expect(loss.statistics).toBeDefined();
  const apart = accumulated(loss, 4, options, false).mean;
  expect(Math.abs(apart - accumulated(loss, 8, options).mean)).toBeGreaterThan(1e-4);
});
