// A thousand training steps hold as many arrays and bytes as the first ones: no tensor leaks.
import { plainWeights, referenceDevice } from '@ingot/tensor';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { adamw, initialParameters, windows } from '@ingot/training';
import { expect, it } from 'vitest';
import { trainStep } from './index.js';
import { shape, tokenizer, tokens } from './world.fixture.js';

it('leaks neither tensors nor bytes in a thousand steps', () => {
  const device = referenceDevice();
  const design = gptDesign({ ...shape, dropout: 0.1 }, tokenizer);
  const parameters = initialParameters(device, gptFamily.parameters(design), 1);
  const optimiser = adamw().start(parameters);
  const model = { device, family: gptFamily, design, weights: plainWeights(parameters) };
  const read = windows(tokens().splits.train, { length: 8, order: 'shuffled', seed: 1 });
  const steps = (from: number, to: number) => {
    for (let step = from; step < to; step++)
      trainStep({ model, parameters, optimiser }, read({ row: 2 * step }, 2), {
        step,
        rows: 1,
        factor: 1,
        clip: 1,
        dropoutSeed: 1,
        anomaly: false,
      });
    return device.memory();
  };
  const early = steps(0, 10);
  const late = steps(10, 1000);
  expect(late).toEqual(early);
  optimiser.dispose();
  parameters.dispose();
  expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
});
