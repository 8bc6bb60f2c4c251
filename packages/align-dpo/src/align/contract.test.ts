// Every method keeps the contract of its role on a real model; methods that learn backwards, remember what they should not, or take anything are found.
import { definePlugin, defineStage, metric, type AnyStage } from '@ingot/core';
import { Align, Device, Evaluator } from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { mul } from '@ingot/tensor';
import { alignmentChecks, alignmentSuite, failingChecks, type AlignmentCase } from '@ingot/testing';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, training } from '@ingot/training';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { alignDpo, defineLoss, losses, methods, pairMethod, type LossDefinition } from '../index.js';
import { device } from './world.fixture.js';

const tokenizer = tokenizerValue(charactersJson([...'abcd '], [END_OF_TEXT]));
const design = gptDesign({ layers: 1, heads: 2, width: 8, context: 12 }, tokenizer);
const model = () => {
  const tree = initialParameters(device, gptFamily.parameters(design), 2);
  const made = modelOfCopy(design, tree);
  tree.dispose();
  return made;
};
const kept = device.memory().arrays;
/** What every method's case shares. */
const shared = {
  how: { steps: 3, batch: 4, watch: { samples: 0 }, heldOut: 0.2, optimiser: { use: 'adamw', lr: 1e-3 } },
  model,
  learning: {
    family: gptFamily,
    how: { steps: 30, batch: 8, heldOut: 0, optimiser: { use: 'adamw', lr: 1e-2 }, evalEvery: 30 },
  },
  services: (bind) => {
    bind.value(Device, device, { fingerprint: 'fp32' });
    bind.value(Evaluator, fakeEvaluator());
  },
  views: [{ logEvery: 2 }],
  options: [{ steps: 4 }, { keep: 'best' }],
  held: () => device.memory().arrays - kept,
} as const satisfies Partial<AlignmentCase>;

for (const stage of methods)
  alignmentSuite(stage.name, { ...shared, plugins: [training, gpt, alignDpo], stage: stage as unknown as AnyStage });

/** The names of the checks that a planted method fails. */
const faultsOf = (stage: unknown, over: Partial<AlignmentCase> = {}): Promise<readonly string[]> => {
  const planted = stage as AnyStage;
  const plugins = [training, gpt, alignDpo, definePlugin({ name: '@me/planted', stages: [planted] })];
  return failingChecks(alignmentChecks({ ...shared, options: [], views: [], ...over, plugins, stage: planted }));
};
const mine = (loss: LossDefinition['loss']) =>
  defineLoss({ ...losses.sigmoid, name: 'mine', loss: loss as typeof losses.sigmoid.loss });

test('planted: nothing, under another name', async () =>
  expect(await faultsOf(pairMethod('honest', mine(losses.sigmoid.loss as LossDefinition['loss'])))).toEqual([]));
test('planted: a loss with its sign turned round', async () => {
  const backwards = mine((batch) => {
    const { sum, ...rest } = losses.sigmoid.loss(batch);
    return { ...rest, sum: mul(sum, -1) };
  });
  expect(await faultsOf(pairMethod('backwards', backwards))).toEqual([
    'it learns: pairs that prefer one letter make it likelier than the other',
  ]);
});
test('planted: a loss that remembers across runs', async () => {
  let calls = 0;
  const remembering = mine((batch) => losses.sigmoid.loss(batch, { beta: 0.1 + 0.01 * calls++ }));
  expect(await faultsOf(pairMethod('remembering', remembering))).toEqual([
    'cancelled after two steps and run again, it ends in the same bits',
    'two runs give the same outputs',
  ]);
});
test('planted: a method that looks at nothing and gives the model back', async () => {
  const idle = Align.stage({
    name: 'idle',
    version: 1,
    options: z.strictObject({}),
    async *run({ inputs }) {
      yield metric(1, { loss: 1 });
      return { model: inputs.model };
    },
  });
  expect(await faultsOf(idle, { how: {}, learning: { family: gptFamily } })).toEqual([
    'it learns: pairs that prefer one letter make it likelier than the other',
    'refused: an empty completion',
    'refused: the same text chosen and rejected',
    'refused: columns that the scores contradict',
  ]);
});
test('planted: a method outside of its role, which takes base models', async () => {
  const stray = defineStage({
    name: 'stray',
    version: 1,
    inputs: { model: Align.inputs.model, feedback: Align.inputs.feedback },
    outputs: { model: Align.inputs.model },
    options: z.strictObject({}),
    async *run({ inputs }) {
      return { model: inputs.model };
    },
  });
  expect(await faultsOf(stray, { how: {} })).toContain('lineage: it takes a chat model and gives an aligned one');
});
