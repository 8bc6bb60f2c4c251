// AdamW and SGD against hand-made steps and PyTorch 2.15.0 (torch.optim.AdamW and SGD, fp32, CPU; parameters, gradients and options as below).
import { describe, expect, test } from 'vitest';
import {
  adamwStep,
  clipFactor,
  type Device,
  globalNorm,
  OptimiserState,
  Parameter,
  ParameterTree,
  referenceDevice,
  scope,
  sgdStep,
  type SgdOptions,
  sum,
  backward,
  mul,
  tensor,
  withoutKernels,
} from '../index.js';

const start = [0.5, -1.25, 2];
const gradients = [
  [1, -0.5, 0.001],
  [0.25, 0.75, -2],
  [-3, 0, 1],
];

function run(device: Device, step: (tree: ParameterTree, state: OptimiserState) => void, scale = 1): number[][] {
  const tree = ParameterTree.create(device, [{ name: 'p', shape: [1, 3] }]);
  const state = new OptimiserState();
  tree.get('p').load(Float32Array.from(start));
  const after = gradients.map((values) => {
    scope(() =>
      backward(
        sum(
          mul(
            tree.get('p'),
            tensor(
              device,
              values.map((g) => g * scale),
              [1, 3],
            ),
          ),
        ),
      ),
    );
    step(tree, state);
    tree.zeroGradients();
    return [...tree.get('p').read()];
  });
  tree.dispose();
  state.dispose();
  return after;
}
/** The largest difference over all steps; a few ulps of f32 are allowed. */
function difference(got: number[][], wanted: readonly (readonly number[])[]): number {
  return Math.max(...wanted.flatMap((row, s) => row.map((x, i) => Math.abs((got[s]?.[i] ?? NaN) - x))));
}

const adamwByTorch = [
  [0.395000011, -1.13749993, 1.88000107],
  [0.30705297, -1.15077627, 1.93466401],
  [0.342782766, -1.15857041, 1.93805122],
];
const sgdByTorch: readonly (readonly [SgdOptions, readonly (readonly number[])[]])[] = [
  [
    { lr: 0.1, weightDecay: 0.01 },
    [
      [0.399500012, -1.19875002, 1.99790001],
      [0.374100506, -1.2725513, 2.19590211],
      [0.67372638, -1.27127874, 2.09370613],
    ],
  ],
  [
    { lr: 0.1, weightDecay: 0.01, momentum: 0.9 },
    [
      [0.399500012, -1.19875002, 1.99790001],
      [0.283650517, -1.22642624, 2.19401217],
      [0.479102314, -1.25010848, 2.26831913],
    ],
  ],
  [
    { lr: 0.1, weightDecay: 0.01, momentum: 0.9, nesterov: true },
    [
      [0.309049994, -1.15262496, 1.99600995],
      [0.1795578, -1.25142252, 2.37051654],
      [0.655451834, -1.27149999, 2.33486485],
    ],
  ],
];

describe.each([
  ['with kernels', referenceDevice],
  ['without kernels', () => withoutKernels(referenceDevice())],
] as const)('%s', (_name, open) => {
  test('AdamW as PyTorch', () => {
    const options = { lr: 0.1, beta1: 0.9, beta2: 0.95, weightDecay: 0.1 };
    expect(
      difference(
        run(open(), (tree, state) => adamwStep(tree, state, options)),
        adamwByTorch,
      ),
    ).toBeLessThan(1e-6);
    const scaled = run(open(), (tree, state) => adamwStep(tree, state, { ...options, gradientScale: 0.25 }), 4);
    expect(difference(scaled, adamwByTorch)).toBeLessThan(1e-6);
  });

  test('AdamW by hand: the first step moves by lr · sign(g) after the decay', () => {
    const device = open();
    const [first] = run(device, (tree, state) => adamwStep(tree, state, { lr: 0.01, weightDecay: 0.5 }));
    start.forEach((p, i) =>
      expect(first?.[i]).toBeCloseTo(p * (1 - 0.005) - 0.01 * Math.sign(gradients[0]?.[i] ?? 0), 4),
    );
    expect(device.memory().arrays).toBe(0);
  });

  test.each(sgdByTorch)('SGD as PyTorch: %o', (options, wanted) => {
    const device = open();
    expect(
      difference(
        run(device, (tree, state) => sgdStep(tree, state, options)),
        wanted,
      ),
    ).toBeLessThan(1e-6);
    expect(device.memory().arrays).toBe(0);
  });

  test('matrices decay, vectors do not; groups have their own lr; a parameter without a gradient or frozen stays', () => {
    const device = open();
    const tree = ParameterTree.create(device, [
      { name: 'matrix', shape: [1, 1] },
      { name: 'bias', shape: [1] },
      { name: 'slow', shape: [1] },
      { name: 'idle', shape: [1, 1] },
      { name: 'frozen', shape: [1, 1] },
    ]);
    for (const parameter of tree.values()) parameter.load(Float32Array.of(1));
    scope(() => {
      for (const name of ['matrix', 'bias', 'slow', 'frozen']) backward(sum(mul(tree.get(name), 0)));
    });
    tree.get('frozen').trainable = false;
    const state = new OptimiserState();
    adamwStep(tree, state, { lr: 0.1, weightDecay: 1 });
    expect(tree.values().map((parameter) => parameter.read()[0])).toEqual([Math.fround(0.9), 1, 1, 1, 1]);
    adamwStep(tree, state, {
      lr: 0.1,
      weightDecay: 1,
      decays: (name) => name === 'slow' || name === 'bias',
      lrScale: (name) => (name === 'slow' ? 0.5 : 1),
    });
    expect(tree.get('bias').read()[0]).toBeCloseTo(0.9, 6);
    expect(tree.get('slow').read()[0]).toBeCloseTo(0.95, 6);
    expect([...state.tensors.keys()]).toEqual([
      'matrix.first',
      'matrix.second',
      'bias.first',
      'bias.second',
      'slow.first',
      'slow.second',
    ]);
    expect(state.bytes).toBe(24);
  });

  test('the norm of all gradients, and the factor that clips it', () => {
    const device = open();
    const tree = ParameterTree.create(device, [
      { name: 'a', shape: [2] },
      { name: 'b', shape: [1] },
      { name: 'c', shape: [1] },
    ]);
    scope(() => backward(sum(mul(tree.get('a'), tensor(device, [2, 3], [2])))));
    scope(() => backward(mul(tree.get('b'), 6)));
    expect(globalNorm(tree)).toBeCloseTo(7, 6);
    expect(clipFactor(7, 1)).toBeCloseTo(1 / 7, 6);
    expect(clipFactor(0.5, 1)).toBe(1);
    scope(() => backward(mul(tree.get('c'), Number.NaN)));
    expect(globalNorm(tree)).toBeNaN();
  });
});

test('state goes through a checkpoint: the continued run has the same bits', () => {
  const device = referenceDevice();
  const options = { lr: 0.1, weightDecay: 0.1 };
  let step = 0;
  const broken = run(device, (tree, state) => {
    adamwStep(tree, state, options);
    if (step++ !== 0) return;
    const saved = [...state.tensors].map(([name, one]) => ({
      name,
      data: Float32Array.from(one.read()),
      shape: one.shape,
    }));
    state.dispose();
    for (const { name, data, shape } of saved) state.load(device, name, data, shape);
  });
  expect(broken).toEqual(run(device, (tree, state) => adamwStep(tree, state, options)));
});

test('rates that are not finite, and a state of another size, are refused', () => {
  const device = referenceDevice();
  const tree = ParameterTree.create(device, [{ name: 'p', shape: [1] }]);
  const state = new OptimiserState();
  expect(() => adamwStep(tree, state, { lr: Number.NaN })).toThrow(/wanted a finite lr from 0; got NaN/);
  expect(() => sgdStep(tree, state, { lr: -1 })).toThrow(/lr/);
  expect(() => sgdStep(tree, state, { lr: 1, nesterov: true })).toThrow(/momentum/);
  expect(() => state.load(device, 'p.first', Float32Array.of(1, 2), [1])).toThrow(/1 numbers/);
});

test('a step moves the version on', () => {
  const device = referenceDevice();
  const tree = ParameterTree.create(device, [{ name: 'p', shape: [1] }]);
  const parameter: Parameter = tree.get('p');
  const before = parameter.version;
  scope(() => backward(mul(parameter, 2)));
  sgdStep(tree, new OptimiserState(), { lr: 1 });
  expect(parameter.version).toBe(before + 1);
});
