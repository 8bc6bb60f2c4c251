// One batch of eight rows and eight micro-batches of one give the same gradients, with ragged lengths (the bug that trainers had in 2024).
import { plainWeights, referenceDevice, tensor, type ParameterTree } from '@ingot/tensor';
import { IngotError } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { accumulate, batchLoss, initialParameters, scored, split, type TokenBatch } from './index.js';
import { bigram, design } from './tiny-family.fixture.js';

const lengths = [12, 1, 5, 9, 2, 12, 0, 7];
const rows = 8;
const length = 12;
const ids = Int32Array.from({ length: rows * length }, (_, i) => (i * i + 3 * i) % 11);
const ragged: TokenBatch = {
  ids,
  rows,
  length,
  targets: ids.map((_, i) => (i % length < lengths[Math.floor(i / length)]! ? (i * 7) % 11 : -1)),
};

function gradients(micro: number) {
  const device = referenceDevice();
  const parameters = initialParameters(device, bigram.parameters(design), 3);
  const model = { device, family: bigram, design, weights: plainWeights(parameters) };
  const { loss, weight } = accumulate(
    split(ragged, micro),
    ({ batch }) => scored(batch.targets),
    ({ batch }) => batchLoss(model, batch),
  );
  return {
    loss,
    weight,
    values: parameters.values().map((p) => [...p.gradient!.read()]),
    free: () => {
      parameters.dispose();
      return device.memory();
    },
  };
}

describe('accumulate', () => {
  it.each([1, 2, 3, 5])('gives the gradients of the whole batch from micro-batches of %i rows', (micro) => {
    const whole = gradients(8);
    const parts = gradients(micro);
    expect(parts.weight).toBe(48);
    // The sums run in another order: a few units in the last place of float32.
    expect(Math.abs(parts.loss - whole.loss)).toBeLessThan(1e-6);
    parts.values.forEach((values, p) =>
      values.forEach((x, i) => expect(Math.abs(x - whole.values[p]![i]!)).toBeLessThan(1e-6)),
    );
    expect(Math.max(...whole.values.flat().map(Math.abs))).toBeGreaterThan(1e-2);
    expect([whole.free().arrays, parts.free().arrays]).toEqual([0, 0]);
  });
  it('differs from the mean of micro-batch means, which is the bug', () => {
    const model = (() => {
      const device = referenceDevice();
      const parameters: ParameterTree = initialParameters(device, bigram.parameters(design), 3);
      return { device, family: bigram, design, weights: plainWeights(parameters) };
    })();
    const means = split(ragged, 1)
      .filter(({ batch }) => scored(batch.targets) > 0)
      .map(({ batch }) => batchLoss(model, batch).item() / scored(batch.targets));
    expect(Math.abs(means.reduce((a, b) => a + b, 0) / means.length - gradients(8).loss)).toBeGreaterThan(1e-3);
  });
  it('refuses a batch in which nothing is scored', () => {
    expect(() =>
      accumulate(
        [0],
        () => 0,
        () => tensor(referenceDevice(), [0], [1]),
      ),
    ).toThrow(IngotError);
  });
});
