// Several adapters on one model: any of them on, side by side, mixed, merged and taken out again.
import { loadParameters } from '@ingot/contracts';
import { plainWeights, referenceDevice } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { family, tinyModel } from './gpt.fixture.js';
import { adapterSet, openPolicy, type TrainableOptions } from './index.js';
import { logitsOf, train } from './world.fixture.js';

const model = tinyModel();
async function trained(adapter: NonNullable<TrainableOptions['adapter']>, seed: number) {
  const policy = await openPolicy({ device: referenceDevice(), family, model, trains: { adapter }, seed });
  train(policy, 3);
  return policy.adapter()!;
}
const lora = await trained({ rank: 2 }, 1);
const dora = await trained({ rank: 3, dora: true, targets: ['*.qkv', '*.up'] }, 2);
const saving = await trained({ rank: 2, targets: ['*.qkv'], modulesToSave: ['norm'] }, 3);

async function opened() {
  const device = referenceDevice();
  const parameters = await loadParameters(device, family, model);
  const live = { device, family, design: model.design, weights: plainWeights(parameters) };
  const set = adapterSet(live, parameters);
  await set.load('lora', lora);
  await set.load('dora', dora);
  await set.load('saving', saving);
  const bits = () => parameters.values().map((parameter) => [...new Uint32Array(parameter.read().slice().buffer)]);
  return { device, parameters, live, set, bits };
}
const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

test('views stand side by side: each adapter alone, none, and mixes that are the sums of their changes', async () => {
  const { set, live } = await opened();
  expect(set.names).toEqual(['lora', 'dora', 'saving']);
  const [none, first, second] = [set.use(), set.use('lora'), set.use('dora')];
  const [plain, one, two] = [logitsOf(none), logitsOf(first), logitsOf(second)];
  expect(plain).toEqual(logitsOf(live));
  expect(farthest(one, plain)).toBeGreaterThan(0.01);
  expect(farthest(one, two)).toBeGreaterThan(0.01);
  expect(logitsOf(none)).toEqual(plain);
  expect(logitsOf(set.use({ lora: 1 }))).toEqual(one);
  expect(farthest(logitsOf(set.use({ lora: 0, dora: 1 })), two)).toBeLessThan(1e-6);
  expect(farthest(logitsOf(set.use({ lora: 0.5 })), plain)).toBeLessThan(farthest(one, plain));
});

test.each(['lora', 'dora', 'saving', { lora: 0.3, dora: 0.7 }, { lora: -1, saving: 1 }])(
  'merging %o gives the view’s logits to 1e-5; unmerging restores the bits',
  async (choice) => {
    const { set, bits, live } = await opened();
    const before = bits();
    const view = set.use(choice);
    const wanted = logitsOf(view);
    const merged = set.merge(choice);
    expect(farthest(logitsOf(merged), wanted)).toBeLessThan(1e-5);
    expect(bits()).not.toEqual(before);
    expect(() => logitsOf(view)).toThrow(/An adapter is merged.*unmerge/);
    expect(() => logitsOf(set.use())).toThrow(/An adapter is merged/);
    set.merge('lora'); // in place of the other, not on top of it
    set.merge(choice);
    expect(farthest(logitsOf(live), wanted)).toBeLessThan(1e-5);
    set.unmerge();
    expect(bits()).toEqual(before);
    expect(logitsOf(view)).toEqual(wanted);
  },
);

test('loaded adapters stay; names are taken once; what cannot be mixed is refused; disposing frees the adapters alone', async () => {
  const { set, parameters, device } = await opened();
  logitsOf(set.use('dora'));
  await expect(set.load('lora', dora)).rejects.toThrow(/an adapter 'lora' already/);
  expect(() => set.use('lara')).toThrow(/no adapter 'lara'.*lora/);
  expect(() => set.use({ saving: 0.5 })).toThrow(/modules that learnt whole \(norm\), so it is on or off/);
  await set.load('again', saving);
  expect(() => set.use({ saving: 1, again: 1 })).toThrow(/trained the module 'norm' whole/);
  const fresh = set.add('fresh', { rank: 1 });
  expect(fresh.parameters.values().every(({ trainable }) => trainable)).toBe(true);
  set.dispose();
  expect(device.memory().arrays).toBe(parameters.values().length);
  parameters.dispose();
  expect(device.memory().arrays).toBe(0);
});
