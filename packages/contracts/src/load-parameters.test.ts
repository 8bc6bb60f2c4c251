// A stored model becomes parameters and comes back; what does not fit its design is refused.
import { referenceDevice } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { fakeDesign, fakeFamily, fakeModel, modelOfDesign } from './fakes/index.js';
import { loadParameters, modelOf } from './index.js';

const design = fakeDesign();
test('a round trip over a device keeps every bit', async () => {
  const device = referenceDevice();
  const model = modelOfDesign(design);
  const tree = await loadParameters(device, fakeFamily, model);
  const back = modelOf(design, tree);
  expect(back.tensors).toEqual(model.tensors);
  for (const name of Object.keys(model.tensors)) expect(await back.read(name)).toEqual(await model.read(name));
  await expect(back.read('wte.weigth')).rejects.toMatchObject({
    code: 'unknown-name',
    message: expect.stringContaining("'wte.weight'"),
  });
  tree.dispose();
  expect(device.memory().arrays).toBe(0);
});
test('a head that others own may stand beside the parameters', async () => {
  const model = modelOfDesign(design);
  const tree = await loadParameters(referenceDevice(), fakeFamily, {
    ...model,
    tensors: { ...model.tensors, 'reward.weight': { shape: [1, 4], dtype: 'f32' } },
  });
  expect(tree.has('reward.weight')).toBe(false);
});
test.for([
  [
    'another family',
    { ...modelOfDesign(design), design: { ...design, family: 'llama' } },
    'unknown-name',
    /Install the plugin of 'llama'/,
  ],
  ['another version', { ...modelOfDesign(design), design: { ...design, version: 2 } }, 'bad-value', /version 2/],
  ['missing tensors', fakeModel(design), 'bad-value', /lacks 4 of 5 tensors: mix.weight/],
  [
    'another shape',
    {
      ...modelOfDesign(design),
      tensors: { ...modelOfDesign(design).tensors, 'mix.bias': { shape: [5], dtype: 'f32' as const } },
    },
    'bad-value',
    /'mix.bias' is \(5\), its design wants \(4\)/,
  ],
  [
    'tensors beyond',
    {
      ...modelOfDesign(design),
      tensors: { ...modelOfDesign(design).tensors, odd: { shape: [5], dtype: 'f32' as const } },
    },
    'bad-value',
    /has 1 tensors that its design does not: odd/,
  ],
] as const)('refused: %s', async ([, model, code, text]) => {
  const device = referenceDevice();
  await expect(loadParameters(device, fakeFamily, model)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(text),
  });
  expect(device.memory().arrays).toBe(0);
});
test('a tensor that cannot be read frees what was loaded', async () => {
  const device = referenceDevice();
  const model = modelOfDesign(design);
  await expect(
    loadParameters(device, fakeFamily, {
      ...model,
      read: async (name) => {
        if (name === 'norm.bias') throw new Error('disk');
        return model.read(name);
      },
    }),
  ).rejects.toThrow('disk');
  expect(device.memory().arrays).toBe(0);
});
