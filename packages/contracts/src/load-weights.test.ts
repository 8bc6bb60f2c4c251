// Packed weights of a model: computed with as they are stored, read as f32 where somebody asks, refused when they do not fit.
import { referenceDevice, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { fakeDesign, fakeFamily, modelOfDesign } from './fakes/index.js';
import { loadParameters, loadWeights, type ModelValue, weightBytes } from './index.js';

const design = fakeDesign();
const plain = modelOfDesign(design, 0.3);
/** `wte.weight` packed in whole numbers, one scale a row. */
const packed = (): ModelValue => {
  const [rows = 0, columns = 0] = plain.tensors['wte.weight']?.shape ?? [];
  const codes = Int8Array.from({ length: rows * columns }, (_, i) => Math.round(127 * Math.sin(i)));
  const scales = Float32Array.from({ length: rows }, (_, i) => 0.002 + 0.00001 * i);
  const parts: Readonly<Record<string, Uint8Array>> = {
    codes: new Uint8Array(codes.buffer),
    scale: new Uint8Array(scales.buffer),
  };
  return {
    ...plain,
    tensors: {
      ...plain.tensors,
      'wte.weight': { shape: [rows, columns], dtype: 'f32', packed: { scheme: 'int8-row' } },
    },
    read: async (name) =>
      name === 'wte.weight'
        ? Float32Array.from(codes, (code, i) => code * (scales[Math.floor(i / columns)] ?? 0))
        : plain.read(name),
    readPacked: async (_, part) => parts[part] ?? new Uint8Array(),
  };
};

test('packed weights give what unpacked ones give, in less memory', async () => {
  const device = referenceDevice();
  const model = packed();
  const held = await loadWeights(device, fakeFamily, model);
  const tree = await loadParameters(device, fakeFamily, model);
  const unpacked = await loadWeights(device, fakeFamily, {
    ...model,
    tensors: plain.tensors,
  });
  const ids = tensor(device, [7, 0, 255], [1, 3], 'i32');
  const logits = ({ weights }: typeof held): number[] => [
    ...weights.logits('wte', fakeFamily.forward(design, weights, ids)).read(),
  ];
  const wanted = logits(unpacked);
  for (const [i, value] of logits(held).entries()) expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 5);
  expect(tree.get('wte.weight').read()).toEqual(await model.read('wte.weight'));
  const rows = design.vocabSize;
  expect(held.bytes).toBe(unpacked.bytes - 4 * rows * 4 + rows * (4 + 4));
  expect([weightBytes(model), weightBytes(plain)]).toEqual([held.bytes, unpacked.bytes]);
});

test.each([
  ['an unknown scheme', (m: ModelValue) => ({ ...m, ...scheme(m, 'int3') }), /packed as 'int3'.*int8-row/s],
  [
    'no packed bytes',
    ({ design: own, tensors, read }: ModelValue) => ({ design: own, tensors, read }),
    /no 'readPacked'/,
  ],
  [
    'too few bytes',
    (m: ModelValue) => ({ ...m, readPacked: async () => new Uint8Array(3) }),
    /'codes' of the packed tensor 'wte.weight' has 3 bytes, wanted 1024/,
  ],
])('%s is refused', async (_, broken, message) => {
  const device = referenceDevice();
  await expect(loadWeights(device, fakeFamily, broken(packed()))).rejects.toMatchObject({
    code: 'bad-value',
    message: expect.stringMatching(message),
  });
  expect(device.memory().arrays).toBe(0);
});
const scheme = ({ tensors }: ModelValue, name: string): Pick<ModelValue, 'tensors'> => ({
  tensors: { ...tensors, 'wte.weight': { ...tensors['wte.weight']!, packed: { scheme: name } } },
});
