// LoRA on the weights seam: the identity at first, exact gradients, a reference for nothing, merging and its undoing.
import { generateAll } from '@ingot/decoding';
import { openSafetensors } from '@ingot/formats';
import { referenceDevice, type Device } from '@ingot/tensor';
import { findAddon, nativeDevice, wasmDevice } from '@ingot/tensor-native';
import { expect, test } from 'vitest';
import { adamw } from '../optimisers.js';
import { packState, unpackState } from '../state.js';
import { designOf, family, numbersOf, tinyModel } from './gpt.fixture.js';
import { openPolicy, type TrainableOptions } from './index.js';
import { batch, gradients, logitsOf, lossOf, train } from './world.fixture.js';

const model = tinyModel();
const untied = tinyModel(designOf({ tied: false }));
type AdapterInput = NonNullable<TrainableOptions['adapter']>;
const open = (adapter: AdapterInput, { device = referenceDevice(), of = model, seed = 3 } = {}) =>
  openPolicy({ device, family, model: of, trains: { adapter }, seed });
const plain = (of = model, device: Device = referenceDevice()) =>
  openPolicy({ device, family, model: of, trains: {}, seed: 0 });
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

const kinds: readonly (readonly [string, AdapterInput])[] = [
  ['LoRA', { rank: 2, alpha: 6 }],
  ['rsLoRA', { rank: 2, alpha: 6, rslora: true }],
  ['DoRA', { rank: 2, alpha: 6, dora: true }],
  ['saved modules', { rank: 2, targets: ['*.qkv'], modulesToSave: ['norm', 'wte', '*.norm1'] }],
];

test.each(kinds)(
  '%s: the same logits bit for bit at first; afterwards the reference still has them',
  async (_, adapter) => {
    const before = await plain();
    const logits = logitsOf(before.live);
    const policy = await open(adapter);
    expect(logitsOf(policy.live)).toEqual(logits);
    train(policy, 4);
    expect(farthest(logitsOf(policy.live), logits)).toBeGreaterThan(0.01);
    expect(logitsOf(policy.reference!)).toEqual(logits);
    expect(lossOf(policy.reference!)).toBe(lossOf(before.live));
  },
);

test.each(kinds)('%s: every gradient is the finite difference', async (_, adapter) => {
  const policy = await open(adapter);
  train(policy, 2); // off B = 0, where A has no gradient
  const found = gradients(policy);
  expect([...found.keys()]).toEqual(policy.parameters.names());
  const weight = batch.targets.filter((id) => id >= 0).length;
  for (const parameter of policy.parameters.values()) {
    const values = Float32Array.from(parameter.read());
    const at = (values.length * 7) >> 3;
    const slope = (step: number): number => {
      const moved = (by: number): number => {
        parameter.load(values.map((x, i) => (i === at ? x + by : x)));
        return lossOf(policy.still) / weight;
      };
      return (moved(step) - moved(-step)) / (2 * step);
    };
    // DoRA's norm is a constant for the gradient of A and B, so only magnitudes are compared there.
    if (adapter.dora && !parameter.name.endsWith('.magnitude')) continue;
    const wanted = slope(1e-2);
    parameter.load(values);
    // fp32 sums of about 60: 1e-5 / 2e-2, and the curvature of a step of 1e-2.
    expect(Math.abs(found.get(parameter.name)![at]! - wanted), parameter.name).toBeLessThan(1e-3);
  }
});

test.each(kinds)(
  '%s: merged weights give the adapter’s logits to 1e-5; what was no target keeps its bits',
  async (_, adapter) => {
    const policy = await open(adapter);
    train(policy, 4);
    const merged = policy.result();
    const again = await plain(merged);
    expect(farthest(logitsOf(again.live), logitsOf(policy.live))).toBeLessThan(1e-5);
    const [before, after] = [await numbersOf(model), await numbersOf(merged)];
    const touched = Object.keys(before).filter((name) => String(after[name]) !== String(before[name]));
    const { layers, saved } = policy.adapter()!.config;
    const wanted = Object.keys(before).filter((name) => {
      const module = name.slice(0, name.lastIndexOf('.'));
      return saved.includes(module) || (module in layers && name.endsWith('.weight'));
    });
    expect(touched).toEqual(wanted);
  },
);

test('only what learns has gradients and moments, and the base keeps its bits', async () => {
  const device = referenceDevice();
  const policy = await open({ rank: 2, targets: ['*.attention.qkv'] }, { device });
  const names = [0, 1].flatMap((i) => [
    `adapter.default.blocks.${i}.attention.qkv.A`,
    `adapter.default.blocks.${i}.attention.qkv.B`,
  ]);
  expect(policy.parameters.names()).toEqual(names);
  expect(train(policy, 2)).toEqual(names.flatMap((name) => [`${name}.first`, `${name}.second`]));
  expect(policy.counts.trainable).toBe(2 * 2 * (8 + 24));
  policy.dispose();
  expect(device.memory().arrays).toBe(0);
});

test.each([
  ['LoRA', { rank: 2 }, 0],
  // the row norms beside, kept between steps: 3·8 + 8 + 32 + 8 a layer
  ['DoRA', { rank: 2, dora: true }, 4 * 2 * 72],
] as const)(
  '%s: what stays on the device is the model and 16 bytes a number that learns',
  async (_, adapter, norms) => {
    const device = referenceDevice();
    const policy = await open(adapter, { device });
    const optimiser = adamw().start(policy.parameters);
    gradients(policy);
    optimiser.step(1, 1);
    const { trainable, all } = policy.counts;
    expect(device.memory().bytes).toBe(4 * (all - trainable) + 16 * trainable + norms);
    optimiser.dispose();
  },
);

test('a checkpoint of the adapter alone continues to the same bits, dropout and DoRA included', async () => {
  const adapter: AdapterInput = { rank: 2, dora: true, dropout: 0.3, modulesToSave: ['norm'] };
  const run = async (steps: readonly number[], saved?: Uint8Array) => {
    const policy = await open(adapter);
    const optimiser = adamw({ lr: 0.05 }).start(policy.parameters);
    if (saved) {
      await unpackState(saved, policy.parameters, optimiser);
      optimiser.steps = 2;
    }
    for (const step of steps) {
      gradients(policy, { step });
      optimiser.step(1, 1);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of packState(policy.parameters, optimiser)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const whole = await run([0, 1, 2, 3]);
  const half = await run([0, 1]);
  expect(await run([2, 3], half)).toEqual(whole);
  expect(half).not.toEqual(whole);
  // A, B and magnitude of four layers in two blocks, the norm's two: each with two moments, and nothing of the base
  expect((await openSafetensors(whole)).tensors.size).toBe(3 * (2 * 4 * 3 + 2));
});

test('the scale: alpha / rank, alpha / √rank, and ranks and alphas by pattern', async () => {
  const b = async (adapter: AdapterInput) => {
    const policy = await open({ targets: ['blocks.0.mlp.up'], ...adapter });
    const [down, up] = policy.parameters.values();
    down!.load(new Float32Array(down!.size).fill(0.1));
    up!.load(new Float32Array(up!.size).fill(0.1));
    return policy.result().read('blocks.0.mlp.up.weight');
  };
  const before = await model.read('blocks.0.mlp.up.weight');
  const moved = async (adapter: AdapterInput) => (await b(adapter))[3]! - before[3]!;
  // s · rank · 0.1 · 0.1
  expect(await moved({ rank: 4 })).toBeCloseTo(0.04, 6);
  expect(await moved({ rank: 4, alpha: 8 })).toBeCloseTo(0.08, 6);
  expect(await moved({ rank: 4, alpha: 8, rslora: true })).toBeCloseTo(0.16, 6);
  expect(await moved({ rank: 9, alpha: 8, rankPattern: { 'blocks.0.*': 4 }, alphaPattern: { '*.up': 2 } })).toBeCloseTo(
    0.02,
    6,
  );
});

test('dropout is a function of seed, step and row: neither the batch’s cut nor its padding changes a gradient', async () => {
  const adapter: AdapterInput = { rank: 2, dropout: 0.5 };
  const [policy, other] = [await open(adapter), await open(adapter, { seed: 4 })];
  for (const one of [policy, other]) train(one, 1);
  for (const [i, parameter] of other.parameters.values().entries())
    parameter.load(policy.parameters.values()[i]!.read() as Float32Array);
  const whole = gradients(policy, { step: 5 });
  const difference = (to: Map<string, Float32Array>) =>
    Math.max(...[...whole].map(([name, values]) => farthest(values, to.get(name)!)));
  for (const rows of [1, 2, 3]) expect(difference(gradients(policy, { step: 5, rows }))).toBeLessThan(1e-6);
  const width = 11;
  const padded = {
    rows: 4,
    length: width,
    ids: Int32Array.from({ length: 4 * width }, (_, i) =>
      i % width < 8 ? batch.ids[8 * Math.floor(i / width) + (i % width)]! : 0,
    ),
    targets: Int32Array.from({ length: 4 * width }, (_, i) =>
      i % width < 8 ? batch.targets[8 * Math.floor(i / width) + (i % width)]! : -1,
    ),
  };
  expect(difference(gradients(policy, { step: 5, of: padded }))).toBeLessThan(1e-6);
  expect(difference(gradients(policy, { step: 6 }))).toBeGreaterThan(1e-3);
  expect(difference(gradients(other, { step: 5 }))).toBeGreaterThan(1e-3);
  expect(lossOf(policy.live)).not.toBe(lossOf(policy.still));
  expect(lossOf(policy.still)).toBe(lossOf(policy.still));
});

test('A depends on (seed, name) alone: another rank elsewhere, fewer layers, the same numbers', async () => {
  const [all, one, other] = [
    await open({ rank: 2 }),
    await open({ rank: 2, targets: ['blocks.1.mlp.up'] }),
    await open({ rank: 2 }, { seed: 4 }),
  ];
  const name = 'adapter.default.blocks.1.mlp.up.A';
  const numbers = all.parameters.get(name).read();
  expect(one.parameters.get(name).read()).toEqual(numbers);
  expect(other.parameters.get(name).read()).not.toEqual(numbers);
  // uniform in ±1/√8
  expect(Math.max(...Array.from(numbers, Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(8));
});

test('an untied head may be a target: logits and the loss agree, and the gradient is the finite difference', async () => {
  const policy = await open({ rank: 2, targets: ['head', '*.qkv'] }, { of: untied });
  const start = await plain(untied);
  expect(farthest(logitsOf(policy.live), logitsOf(start.live))).toBe(0);
  train(policy, 3);
  const merged = await plain(policy.result());
  expect(farthest(logitsOf(merged.live), logitsOf(policy.live))).toBeLessThan(1e-5);
  // Σ over 26 scored tokens of about 3 nats each
  expect(Math.abs(lossOf(merged.live) - lossOf(policy.live))).toBeLessThan(1e-4);
  const whole = gradients(policy).get('adapter.default.head.B')!;
  const b = policy.parameters.get('adapter.default.head.B');
  const values = Float32Array.from(b.read());
  const at = (by: number): number => {
    b.load(values.map((x, i) => (i === 5 ? x + by : x)));
    return lossOf(policy.live);
  };
  const weight = batch.targets.filter((id) => id >= 0).length;
  expect(Math.abs((at(1e-2) - at(-1e-2)) / 2e-2 / weight - whole[5]!)).toBeLessThan(1e-3);
  await expect(open({ dora: true, targets: ['head'] }, { of: untied })).rejects.toThrow(/'adapter.dora' does not go/);
  await expect(open({ dropout: 0.1, targets: ['head'] }, { of: untied })).rejects.toThrow(
    /'adapter.dropout' does not go/,
  );
  expect(Object.keys((await open({}, { of: untied })).adapter()!.config.layers)).not.toContain('head');
});

test('cached decoding goes through the adapter: the tokens of full forward passes', async () => {
  const policy = await open({ rank: 2 });
  train(policy, 10);
  const greedy = (logits: Float32Array) => {
    const best = logits.indexOf(Math.max(...logits));
    return logits.map((logit, id) => (id === best ? logit : -Infinity));
  };
  const say = (live: typeof policy.live) =>
    generateAll(live, { prompts: [[1, 2, 3], [4]], tokens: 8, samplers: [greedy] }).map(({ ids }) => ids);
  const full = [[1, 2, 3], [4]].map((prompt) => {
    const ids = [...prompt];
    for (let t = 0; t < 8; t++) {
      const logits = logitsOf(policy.live, {
        ids: Int32Array.from(ids),
        targets: Int32Array.from(ids),
        rows: 1,
        length: ids.length,
      }).slice(-13);
      ids.push(logits.indexOf(Math.max(...logits)));
    }
    return ids.slice(prompt.length);
  });
  expect(say(policy.live)).toEqual(full);
  expect(say(policy.reference!)).not.toEqual(full);
});

const native: [string, () => Promise<Device>][] = findAddon()
  ? [['native', async () => nativeDevice({ threads: 1 })]]
  : [];
const devices: readonly [string, () => Promise<Device>][] = [['wasm', () => wasmDevice({ threads: 1 })], ...native];
test.each(devices)(
  '%s, where a linear layer and its GELU are one kernel: the identity at first, off is the base, merged is on',
  async (_, make) => {
    const device = await make();
    const before = await plain(model, device);
    const logits = logitsOf(before.live);
    for (const [, adapter] of kinds) {
      const policy = await open(adapter, { device });
      expect(logitsOf(policy.live)).toEqual(logits);
      train(policy, 3);
      expect(logitsOf(policy.reference!)).toEqual(logits);
      const merged = await plain(policy.result(), device);
      expect(farthest(logitsOf(merged.live), logitsOf(policy.live))).toBeLessThan(1e-5);
      merged.dispose();
      policy.dispose();
    }
    before.dispose();
    expect(device.memory().arrays).toBe(0);
  },
);
