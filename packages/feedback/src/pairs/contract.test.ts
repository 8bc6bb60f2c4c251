// The stages of feedback keep the contract of stages: keys, view, determinism, the codec, cancelling, nothing held.
import { Device } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import { referenceDevice } from '@ingot/tensor';
import { stageSuite } from '@ingot/testing';
import { feedback } from '../index.js';
import { world } from './world.fixture.js';

const shared = referenceDevice();
const ownDevice = definePlugin({
  name: 'test/device',
  services: (bind) => bind.factory(Device, {}, () => shared, { fingerprint: 'fp32' }),
});
const plugins = [ownDevice, world, feedback];
const held = () => shared.memory().arrays;
const sources = {
  tokenizer: { use: 'a-tokenizer' },
  model: { use: 'a-model', from: { tokenizer: 'tokenizer.tokenizer' } },
  prompts: { use: 'some-prompts', how: { count: 6 } },
  pairs: {
    use: 'pairs',
    from: { model: 'model.model', prompts: 'prompts.prompts' },
    how: { reward: { use: 'length', unit: 'characters' }, tokens: 10, samples: 5, keep: 'all' },
  },
};
stageSuite('pairs', {
  plugins,
  held,
  recipe: { name: 'pairs', stages: sources, outputs: { feedback: 'pairs.feedback' } },
  stage: 'pairs',
  views: [{ batch: 2 }, { saveEvery: 1 }, { show: 0 }],
  options: [
    { samples: 3 },
    { margin: 2 },
    { reward: { use: 'length', unit: 'words' } },
    { tokens: 9 },
    { keep: 'best-worst' },
  ],
});
stageSuite('label', {
  plugins,
  recipe: {
    name: 'labels',
    stages: {
      ...sources,
      labels: {
        use: 'label',
        from: { feedback: 'pairs.feedback' },
        how: { reward: { use: 'length', unit: 'characters' }, threshold: 5 },
      },
    },
    outputs: { feedback: 'labels.feedback' },
  },
  stage: 'labels',
  views: [{ saveEvery: 1 }],
  options: [{ threshold: 2 }, { margin: 1 }],
});
stageSuite('judge-pairs', {
  plugins,
  recipe: {
    name: 'judged',
    stages: {
      ...sources,
      judged: {
        use: 'judge-pairs',
        from: { feedback: 'pairs.feedback' },
        how: { judge: { use: 'rules', reward: { use: 'length', unit: 'characters' } } },
      },
    },
    outputs: { feedback: 'judged.feedback', report: 'judged.report' },
  },
  stage: 'judged',
  views: [{ saveEvery: 1 }],
  options: [{ margin: 0.2 }, { judge: { use: 'scripted', says: 'longer' } }],
});
