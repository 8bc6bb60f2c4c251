// Every online method keeps the contract of its role on a real model: from pairs and no reward it learns what they say, and refuses what they must not be.
import type { AnyStage } from '@ingot/core';
import { Device } from '@ingot/contracts';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { alignmentSuite, type AlignmentCase } from '@ingot/testing';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, training } from '@ingot/training';
import { alignRlhf, onlineMethods } from '../index.js';
import { device } from '../world.fixture.js';

const tokenizer = tokenizerValue(charactersJson([...'abcd '], [END_OF_TEXT]));
const design = gptDesign({ layers: 1, heads: 2, width: 8, context: 12 }, tokenizer);
const model = () => {
  const tree = initialParameters(device, gptFamily.parameters(design), 2);
  const made = modelOfCopy(design, tree);
  tree.dispose();
  return made;
};
const kept = device.memory().arrays;
const common = { tokens: 4, watch: { samples: 0 }, rewardModel: { epochs: 20, batch: 8, lr: 3e-2 } };
const shared = {
  model,
  services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
  views: [{ logEvery: 2 }],
  options: [{ steps: 4 }, { temperature: 0.9 }],
  held: () => device.memory().arrays - kept,
} as const satisfies Partial<AlignmentCase>;

for (const stage of onlineMethods) {
  const pairs = stage.name === 'online-dpo';
  const how = {
    ...common,
    generations: pairs ? 2 : 4,
    heldOut: 0.2,
    steps: 3,
    batch: 4,
    optimiser: { use: 'adamw', lr: 1e-3 },
  };
  alignmentSuite(stage.name, {
    ...shared,
    how,
    learning: {
      family: gptFamily,
      how: {
        ...how,
        heldOut: 0,
        steps: 40,
        batch: 8,
        optimiser: { use: 'adamw', lr: 1e-2 },
        beta: pairs ? 0.1 : 0.01,
      },
    },
    plugins: [training, gpt, alignRlhf],
    stage: stage as unknown as AnyStage,
  });
}
