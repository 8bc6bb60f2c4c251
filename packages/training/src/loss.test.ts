// The loss of a batch and of a split, bits per byte, and clipping as torch does it.
import { backward, clipFactor, globalNorm, plainWeights, referenceDevice } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import { adamw, batchLoss, bitsPerByte, evaluateLoss, initialParameters, sgd } from './index.js';
import { bigram, design, streamOf } from './tiny-family.fixture.js';

const open = () => {
  const device = referenceDevice();
  const parameters = initialParameters(device, bigram.parameters(design), 3);
  return { device, parameters, family: bigram, design, weights: plainWeights(parameters) };
};
const stream = streamOf(
  Int32Array.from({ length: 41 }, (_, i) => (i * 5) % 11),
  123,
);

describe('evaluateLoss', () => {
  it('is the same however many rows are read at once, and leaves nothing behind', () => {
    const model = open();
    const before = model.device.memory();
    const how = { length: 8, limit: 5 };
    const one = evaluateLoss(model, stream, { ...how, rows: 1 })!;
    expect(one.tokens).toBe(40);
    for (const rows of [2, 3, 5])
      expect(Math.abs(evaluateLoss(model, stream, { ...how, rows })!.loss - one.loss)).toBeLessThan(1e-6);
    expect(model.device.memory()).toMatchObject({ arrays: before.arrays, bytes: before.bytes });
    expect(one.bitsPerByte).toBeCloseTo((one.loss * 41) / (123 * Math.log(2)), 12);
  });
  it('reads a split that is shorter than a window, and none at all', () => {
    expect(evaluateLoss(open(), streamOf(Int32Array.of(1, 2, 3)), { length: 8, rows: 2, limit: 5 })!.tokens).toBe(2);
    expect(evaluateLoss(open(), streamOf(Int32Array.of(1)), { length: 8, rows: 2, limit: 5 })).toBeUndefined();
  });
});

describe('bitsPerByte', () => {
  it('is 8 for uniform bytes', () => {
    expect(bitsPerByte(Math.log(256), { tokens: 100, bytes: 100 })).toBeCloseTo(8, 12);
    expect(bitsPerByte(Math.log(256), { tokens: 50, bytes: 100 })).toBeCloseTo(4, 12);
  });
});

describe('optimisers', () => {
  it.each([
    ['adamw', () => adamw({ lr: 0.05 })],
    ['sgd', () => sgd({ lr: 0.5, momentum: 0.9 })],
  ] as const)('%s lowers the loss, and its state has names', (name, make) => {
    const model = open();
    const optimiser = make().start(model.parameters);
    const batch = { ids: Int32Array.of(1, 2, 3, 4), targets: Int32Array.of(2, 3, 4, 5), rows: 1, length: 4 };
    const losses = Array.from({ length: 30 }, () => {
      model.parameters.zeroGradients();
      const loss = batchLoss(model, batch);
      const value = loss.item();
      backward(loss);
      optimiser.step(1, clipFactor(globalNorm(model.parameters), 1));
      return value;
    });
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    expect(optimiser.steps).toBe(30);
    expect(Object.keys(optimiser.state)).toContain(name === 'adamw' ? 'mix.weight.second' : 'mix.weight.velocity');
  });
  it('refuse rates that are no numbers', () => {
    expect(() => adamw({ lr: Number.NaN })).toThrow();
    expect(() => sgd({ lr: -1 })).toThrow();
  });
});
