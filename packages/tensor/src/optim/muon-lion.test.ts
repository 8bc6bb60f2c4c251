// Muon and Lion against PyTorch 2.15.0 and the paper's formula (fixtures/optimisers.py), and what Newton–Schulz makes of singular values.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  adamwStep,
  backward,
  type Device,
  hiddenMatrices,
  lionStep,
  mul,
  muonStep,
  type MuonOptions,
  normal,
  OptimiserState,
  ParameterTree,
  referenceDevice,
  scope,
  sum,
  tensor,
  withoutKernels,
} from '../index.js';
import { newtonSchulz } from './newton-schulz.js';

type After = Readonly<Record<'1' | '10', Readonly<Record<string, readonly number[]>>>>;
const golden = JSON.parse(readFileSync(new URL('../fixtures/optimisers.json', import.meta.url), 'utf8')) as {
  readonly muon: readonly { readonly name: string; readonly steps: After }[];
  readonly lion: After;
};
const shapes = {
  'blocks.0.tall.weight': [7, 5],
  'blocks.0.wide.weight': [4, 9],
  'blocks.0.square.weight': [6, 6],
  'blocks.0.bias': [4],
  'wte.weight': [5, 3],
} as const;
const muons: readonly Omit<MuonOptions, 'rest'>[] = [
  { lr: 0.02, weightDecay: 0.1 },
  { lr: 0.01, momentum: 0.9, nesterov: false, iterations: 3, scale: 'match-adamw' },
];
const rest = { lr: 0.01, beta1: 0.9, beta2: 0.95, weightDecay: 0.1 };

type Step = (tree: ParameterTree, state: OptimiserState, scale: number) => void;

/** Ten steps on fixed gradients, doubled and read at half; the parameters after the first and the last. */
function run(device: Device, step: Step): After {
  const tree = ParameterTree.create(
    device,
    Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
  );
  const state = new OptimiserState();
  const wave = (size: number, of: (i: number) => number): Float32Array =>
    Float32Array.from({ length: size }, (_, i) => of(i));
  for (const parameter of tree.values()) parameter.load(wave(parameter.size, (i) => Math.sin(0.7 * i)));
  const read = () => Object.fromEntries(tree.values().map((parameter) => [parameter.name, [...parameter.read()]]));
  const after: Record<number, ReturnType<typeof read>> = {};
  for (let t = 1; t <= 10; t++) {
    scope(() => {
      for (const parameter of tree.values()) {
        const gradient = wave(parameter.size, (i) => 2 * Math.cos(0.37 * i * i + t));
        backward(sum(mul(parameter, tensor(device, gradient, parameter.shape))));
      }
    });
    step(tree, state, 0.5);
    tree.zeroGradients();
    after[t] = read();
  }
  expect(state.step).toBe(10);
  tree.dispose();
  state.dispose();
  expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
  return { 1: after[1]!, 10: after[10]! };
}

function compare(got: After, wanted: After): void {
  for (const step of ['1', '10'] as const)
    for (const [name, values] of Object.entries(wanted[step]))
      values.forEach((x, i) =>
        // fp32 on both sides; ten steps of at most 0.03 each, turned by five products of small matrices.
        expect(Math.abs((got[step][name]?.[i] ?? NaN) - x), `step ${step}, ${name} ${i}`).toBeLessThan(1e-5),
      );
}

describe.each([
  ['with kernels', referenceDevice],
  ['without kernels', () => withoutKernels(referenceDevice())],
] as const)('%s', (_name, open) => {
  test.each(golden.muon.map((one, i) => ({ ...one, options: muons[i]! })))(
    'Muon as PyTorch: $name',
    ({ steps, options }) => {
      compare(
        run(open(), (tree, state, gradientScale) => muonStep(tree, state, { ...options, rest, gradientScale })),
        steps,
      );
    },
  );

  test('Lion as its paper says', () => {
    const options = { lr: 0.01, weightDecay: 0.5 };
    compare(
      run(open(), (tree, state, gradientScale) => lionStep(tree, state, { ...options, gradientScale })),
      golden.lion,
    );
  });

  test.each([
    [1, 1],
    [1, 7],
    [13, 1],
    [17, 17],
    [31, 13],
    [11, 29],
  ])('Newton–Schulz of (%i, %i): singular values near 1, the same singular vectors', (rows, columns) => {
    const device = open();
    const values = normal(rows * columns, [rows, columns]);
    const x = device.upload(values);
    const made = newtonSchulz(device, x, rows, columns);
    const y = device.download(made);
    const [m, n] = [Math.min(rows, columns), Math.max(rows, columns)];
    const at = (data: ArrayLike<number>, i: number, k: number): number =>
      (rows <= columns ? data[i * columns + k] : data[k * columns + i]) ?? NaN;
    const product = (a: ArrayLike<number>, b: ArrayLike<number>, i: number, j: number): number =>
      Array.from({ length: n }, (_, k) => at(a, i, k) * at(b, j, k)).reduce((total, one) => total + one, 0);
    // The sum of squared singular values lies between 0.68² and 1.2² of each; Y·Xᵀ is symmetric when the vectors are the same.
    const trace = Array.from({ length: m }, (_, i) => product(y, y, i, i)).reduce((total, one) => total + one, 0);
    expect(trace / m).toBeGreaterThan(0.4);
    expect(trace / m).toBeLessThan(1.45);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < i; j++)
        expect(Math.abs(product(y, values, i, j) - product(y, values, j, i))).toBeLessThan(1e-3);
    for (const one of [x, made]) device.free(one);
    expect(device.memory().arrays).toBe(0);
  });
});

test('a matrix of zeros stays one', () => {
  const device = referenceDevice();
  const made = newtonSchulz(device, device.zeros('f32', 6), 2, 3);
  expect([...device.download(made)]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('Muon moves hidden matrices, AdamW the rest, each as if alone; state names tell which', () => {
  const device = referenceDevice();
  const state = new OptimiserState();
  const tree = ParameterTree.create(
    device,
    Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
  );
  scope(() => {
    for (const parameter of tree.values()) {
      parameter.load(normal(parameter.size, [1, 2]));
      backward(sum(mul(parameter, parameter)));
    }
  });
  tree.get('blocks.0.square.weight').trainable = false;
  const before = tree.get('blocks.0.square.weight').read();
  muonStep(tree, state, { lr: 0.1, rest: { lr: 0.1 } });
  expect([...state.tensors.keys()].toSorted()).toEqual([
    'blocks.0.bias.first',
    'blocks.0.bias.second',
    'blocks.0.tall.weight.momentum',
    'blocks.0.wide.weight.momentum',
    'wte.weight.first',
    'wte.weight.second',
  ]);
  expect([...tree.get('blocks.0.square.weight').read()]).toEqual([...before]);
  expect(hiddenMatrices('blocks.3.norm1.weight', [8])).toBe(false);
  expect(hiddenMatrices('head.weight', [8, 8])).toBe(false);
  expect(() => muonStep(tree, state, { lr: Number.NaN, rest: { lr: 1 } })).toThrow(/muonStep: wanted a finite lr/);
  expect(() => muonStep(tree, state, { lr: 1, iterations: 0, rest: { lr: 1 } })).toThrow(/iterations from 1; got 0/);
  expect(() => muonStep(tree, state, { lr: 1, rest: { lr: -1 } })).toThrow(/adamwStep: wanted a finite lr/);
  expect(() => lionStep(tree, state, { lr: 1, beta2: -1 })).toThrow(/beta2/);
  expect(() => adamwStep(tree, state, { lr: 1, only: () => false })).not.toThrow();
  // What was refused took no step.
  expect(state.step).toBe(2);
});
