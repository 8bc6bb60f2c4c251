// Ops at the edges of fp32, and linear cross-entropy in many blocks.
import { expect, test } from 'vitest';
import {
  backward,
  logSigmoid,
  logSoftmax,
  linearCrossEntropy,
  Parameter,
  ParameterTree,
  referenceDevice,
  scope,
  softmax,
  sum,
  tensor,
  uniform,
  withoutKernels,
} from '../index.js';
import { composeBackward, composeForward } from './linear-cross-entropy-blocks.js';

test('logSigmoid and its gradient are exact from −10⁴ to 10⁴', () => {
  const device = referenceDevice();
  const x = new Parameter(device, 'x', [7]);
  x.load(Float32Array.of(-1e4, -100, -1, 0, 1, 100, 1e4));
  const y = scope(() => {
    const made = logSigmoid(x);
    backward(sum(made));
    return [...made.read()];
  });
  expect(y.slice(0, 2)).toEqual([-1e4, -100]);
  expect(y[2]).toBe(Math.fround(-1.3132616875182228));
  expect(y[3]).toBe(Math.fround(-Math.LN2));
  expect(y[5]).toBe(Math.fround(-Math.exp(-100)));
  expect(Math.abs(y[6] ?? NaN)).toBe(0);
  const slopes = [...(x.gradient?.read() ?? [])];
  expect(slopes.slice(0, 2)).toEqual([1, 1]);
  expect(slopes[3]).toBe(0.5);
  expect(slopes[5]).toBe(Math.fround(Math.exp(-100)));
  expect(slopes[6]).toBe(0);
});

test('softmax and logSoftmax of huge numbers stay finite', () => {
  const device = referenceDevice();
  const x = tensor(device, [1e30, -1e30, 0, 1e4, 1e4, -1e4], [2, 3]);
  expect([...softmax(x).read()]).toEqual([1, 0, 0, 0.5, 0.5, 0]);
  expect([...logSoftmax(x).read()].every(Number.isFinite)).toBe(true);
});

test('linear cross-entropy in blocks of any size gives the kernel’s numbers, and never the full logits', () => {
  const device = referenceDevice();
  const sizes = { rows: 11, inputs: 5, outputs: 37 };
  const put = (length: number, seed: number): ReturnType<typeof device.upload> =>
    device.upload(uniform(length, [seed, 8]).map((v) => 6 * v - 3));
  const spec = {
    ...sizes,
    x: put(55, 1),
    weight: put(185, 2),
    targets: device.upload(Int32Array.from({ length: 11 }, (_, r) => (r % 3 === 0 ? -1 : (r * 29) % 37))),
  };
  const dLoss = put(11, 3);
  const expected = device.kernels.linearCrossEntropy!(spec);
  const dWeight = device.zeros('f32', 185);
  const dx = device.kernels.linearCrossEntropyBackward!({ ...spec, logSumExp: expected.logSumExp, dLoss, dWeight });
  for (const blockElements of [1, 7 * 5, 7 * 36, 10_000]) {
    const arrays = device.memory().arrays;
    const made = composeForward(device, spec, blockElements);
    const mine = device.zeros('f32', 185);
    const back = composeBackward(device, { ...spec, logSumExp: made.logSumExp, dLoss, dWeight: mine }, blockElements);
    for (const [got, want] of [
      [made.loss, expected.loss],
      [made.logSumExp, expected.logSumExp],
      [back, dx],
      [mine, dWeight],
    ] as const) {
      const numbers = device.download(want);
      // fp32 steps against double: some ulps of the largest.
      const allowed = 3e-6 * Math.max(1, ...numbers.map(Math.abs));
      device.download(got).forEach((v, i) => expect(Math.abs(v - (numbers[i] ?? NaN))).toBeLessThan(allowed));
    }
    for (const one of [made.loss, made.logSumExp, mine, back]) device.free(one);
    expect(device.memory().arrays).toBe(arrays);
  }
});

test.each([
  ['kernel', referenceDevice],
  ['composition', () => withoutKernels(referenceDevice())],
] as const)('a vocabulary of 20,000 over 400 rows: %s stays below the 32 MB of its logits', (_name, open) => {
  const device = open();
  const tree = ParameterTree.create(device, [
    { name: 'head', shape: [20_000, 2] },
    { name: 'x', shape: [400, 2] },
  ]);
  tree.values().forEach((parameter, i) => parameter.load(uniform(parameter.size, [i, 6])));
  device.resetPeak();
  const before = device.memory().bytes;
  scope(() => {
    // Only four rows are scored, so only four rows of logits are ever made.
    const targets = tensor(
      device,
      Int32Array.from({ length: 400 }, (_, r) => (r % 100 === 0 ? r : -1)),
      [400],
      'i32',
    );
    backward(sum(linearCrossEntropy(tree.get('x'), tree.get('head'), targets)));
  });
  expect(device.memory().peak - before).toBeLessThan(2_500_000);
});
