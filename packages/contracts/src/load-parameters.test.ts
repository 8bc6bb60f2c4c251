// A stored model becomes parameters and comes back; what does not fit its design is refused.
import { referenceDevice, type Tensor } from '@ingot/tensor';
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
test('a large table is loaded in pieces, and holds what the whole would', async () => {
  const rows = 300_000; // of width 4: more than a piece, and no multiple of one
  const large = modelOfDesign({ ...design, vocabSize: rows });
  const device = referenceDevice();
  const whole = await loadParameters(device, fakeFamily, large);
  const largest: number[] = [];
  const pieces = await loadParameters(device, fakeFamily, {
    ...large,
    async read(name, part) {
      const all = await large.read(name);
      if (!part) return all;
      largest.push(part.into.length);
      part.into.set(all.subarray(part.start, part.start + part.into.length));
      return part.into;
    },
  });
  expect(whole.get('wte.weight').size).toBeGreaterThan(1 << 20);
  expect(Math.max(...largest)).toBe(1 << 18);
  const bytes = (x: Tensor): Buffer => Buffer.from((x.read() as Float32Array).buffer);
  for (const one of whole.values()) expect(bytes(pieces.get(one.name)).equals(bytes(one))).toBe(true);
});
test('a model that gives fewer numbers than its shape says is refused by name', async () => {
  const whole = modelOfDesign(design);
  const short = { ...whole, read: async (name: string) => (await whole.read(name)).subarray(1) };
  await expect(loadParameters(referenceDevice(), fakeFamily, short)).rejects.toMatchObject({
    code: 'bad-value',
    message: expect.stringMatching(/^Tensor 'wte.weight' of a stored model gave \d+ numbers, its shape wants \d+/),
  });
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
