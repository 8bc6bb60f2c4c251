// A thousand training steps on a device: no array, no byte and no resident memory is left behind.
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { plainWeights, type Device } from '@ingot/tensor';
import { accumulate, adamw, batchLoss, initialParameters, scored, type TokenBatch } from '@ingot/training';
import { expect, it } from 'vitest';

const [V, T, B] = [61, 16, 4];
/** Arrays and bytes must not grow at all; beside them the heap breathes, so resident memory may rise by what 80 KB a step would be. */
const ALLOWED = 64e6;

/** One test on the device that `open` gives. */
export const leakSuite = (name: string, open: () => Device): void => {
  it(`a thousand steps on ${name} leak nothing`, () => {
    const device = open();
    const design = gptDesign(
      { layers: 2, heads: 2, width: 32, context: T, dropout: 0.1 },
      { json: {}, vocabSize: V, digest: 'none' },
    );
    const parameters = initialParameters(device, gptFamily.parameters(design), 1);
    const optimiser = adamw().start(parameters);
    const model = { device, family: gptFamily, design, weights: plainWeights(parameters) };
    const ids = Int32Array.from({ length: B * T }, (_, i) => (i * 7) % V);
    const batch: TokenBatch = { ids, targets: ids.map((id) => (id + 1) % V), rows: B, length: T };
    const steps = (from: number, to: number) => {
      for (let step = from; step < to; step++) {
        accumulate(
          [batch],
          ({ targets }) => scored(targets),
          (micro) => batchLoss(model, micro, { dropout: { seed: 1, step, firstRow: 0 } }),
        );
        optimiser.step(1, 1);
        parameters.zeroGradients();
      }
      return device.memory();
    };
    const early = steps(0, 200);
    const resident = process.memoryUsage().rss;
    expect(steps(200, 1000)).toEqual(early);
    expect(process.memoryUsage().rss - resident).toBeLessThan(ALLOWED);
    optimiser.dispose();
    parameters.dispose();
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  });
};
