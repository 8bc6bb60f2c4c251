// Many training steps on a device, on batches of changing shapes: no array, no byte and no resident memory is left behind.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { plainWeights, type Device } from '@ingot/tensor';
import { accumulate, adamw, batchLoss, initialParameters, scored, type TokenBatch } from '@ingot/training';
import { expect, it } from 'vitest';

const [V, T, B] = [61, 16, 4];

export interface LeakOptions {
  readonly steps: number;
  /**
   * What resident memory may rise by between the first fifth and the end, in bytes: arrays and bytes must not grow at all, but beside
   * them V8's heap breathes, by some 25 MB whatever the number of steps. 40 MB unless said, which fifty thousand steps (nightly) keep to as
   * well: there it would be 1 KB a step.
   */
  readonly allowed?: number;
}

const collect = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

/** One test on the device that `open` gives. */
export const leakSuite = (
  name: string,
  open: () => Device | Promise<Device>,
  { steps: total, allowed = 40e6 }: LeakOptions,
): void => {
  it(`${total} steps on ${name} leak nothing`, async () => {
    const device = await open();
    const design = gptDesign(
      { layers: 2, heads: 2, width: 32, context: T, dropout: 0.1 },
      { json: {}, vocabSize: V, digest: 'none' },
    );
    const parameters = initialParameters(device, gptFamily.parameters(design), 1);
    const optimiser = adamw().start(parameters);
    const model = { device, family: gptFamily, design, weights: plainWeights(parameters) };
    const batchOf = (step: number): TokenBatch => {
      const [rows, length] = [1 + (step % B), 1 + ((step * 7) % T)];
      const ids = Int32Array.from({ length: rows * length }, (_, i) => (i * 7) % V);
      return { ids, targets: ids.map((id) => (id + 1) % V), rows, length };
    };
    const steps = (from: number, to: number) => {
      for (let step = from; step < to; step++) {
        accumulate(
          [batchOf(step)],
          ({ targets }) => scored(targets),
          (micro) => batchLoss(model, micro, { dropout: { seed: 1, step, firstRow: 0 } }),
        );
        optimiser.step(1, 1);
        parameters.zeroGradients();
      }
      collect();
      return { memory: device.memory(), resident: process.memoryUsage().rss };
    };
    const early = steps(0, total / 5);
    const late = steps(total / 5, total);
    expect(late.memory).toEqual(early.memory);
    const rise = late.resident - early.resident;
    console.log(`${name}: ${total} steps, resident memory rose by ${(rise / 1e6).toFixed(1)} MB`);
    expect(rise).toBeLessThan(allowed);
    optimiser.dispose();
    parameters.dispose();
    expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
    device.dispose();
  });
};
