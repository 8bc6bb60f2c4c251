// Predicted peak memory against the device's own count, on the reference device: within 10 % for shapes of every proportion.
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { plainWeights, referenceDevice } from '@ingot/tensor';
import { adamw, initialParameters } from '@ingot/training';
import { expect, it } from 'vitest';
import { trainStep } from './index.js';

const cases = [
  { layers: 2, width: 64, context: 32, rows: 4, vocabSize: 100, dropout: 0 },
  { layers: 4, width: 64, context: 64, rows: 8, vocabSize: 500, dropout: 0.1 },
  { layers: 1, width: 32, context: 16, rows: 16, vocabSize: 2000, dropout: 0 },
  { layers: 6, width: 64, context: 64, rows: 4, vocabSize: 65, dropout: 0 },
  { layers: 2, width: 128, context: 32, rows: 2, vocabSize: 65, dropout: 0 },
];

it.each(cases)('predicts the peak of %o', ({ rows, vocabSize, ...shape }) => {
  const device = referenceDevice();
  const design = gptDesign({ ...shape, heads: 4 }, { json: {}, vocabSize, digest: 'memory' });
  const parameters = initialParameters(device, gptFamily.parameters(design), 1);
  const optimiser = adamw().start(parameters);
  const ids = new Int32Array(rows * shape.context).map((_, i) => i % vocabSize);
  const batch = { ids, targets: ids, rows, length: shape.context };
  device.resetPeak();
  for (const step of [0, 1]) {
    trainStep(
      { model: { device, family: gptFamily, design, weights: plainWeights(parameters) }, parameters, optimiser },
      batch,
      { step, rows, factor: 1, clip: 1, dropoutSeed: 1, anomaly: false },
    );
  }
  const { trainingBytes } = gptFamily.estimate(design, rows, shape.context);
  expect(trainingBytes / device.memory().peak).toBeGreaterThan(0.9);
  expect(trainingBytes / device.memory().peak).toBeLessThan(1.1);
});
