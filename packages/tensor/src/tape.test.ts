// The tape: sums of gradients, what is refused, what frozen parameters save, and how little memory a backward pass takes.
import { expect, test, vi } from 'vitest';
import {
  add,
  attention,
  backward,
  type Device,
  exp,
  layerNorm,
  linear,
  linearCrossEntropy,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  noGrad,
  type Parameter,
  ParameterTree,
  referenceDevice,
  scope,
  square,
  sub,
  sum,
  tensor,
  type Tensor,
  TensorError,
  uniform,
} from './index.js';

function tree(device: Device, shapes: Readonly<Record<string, readonly number[]>>): ParameterTree {
  const made = ParameterTree.create(
    device,
    Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
  );
  made.values().forEach((parameter, i) => parameter.load(uniform(parameter.size, [i, 5]).map((x) => x - 0.5)));
  return made;
}
const gradient = (parameter: Parameter): number[] => [...(parameter.gradient?.read() ?? [])];

test('gradients of all uses of a parameter are summed, over several backwards too', () => {
  const device = referenceDevice();
  const p = tree(device, { p: [2] }).get('p');
  p.load(Float32Array.of(3, -2));
  scope(() => backward(sum(add(mul(p, p), mul(p, 5)))));
  expect(gradient(p)).toEqual([11, 1]);
  scope(() => backward(sum(p), 2));
  expect(gradient(p)).toEqual([13, 3]);
});

test('two parameters that share one upstream gradient do not share its array', () => {
  const device = referenceDevice();
  const { p, q } = { p: tree(device, { p: [2] }).get('p'), q: tree(device, { q: [2] }).get('q') };
  scope(() => backward(sum(add(p.reshape([2, 1]), q.reshape([2, 1])))));
  device.scale(p.gradient!.storage, 7);
  expect([gradient(p), gradient(q)]).toEqual([
    [7, 7],
    [1, 1],
  ]);
});

test('an upstream gradient that two ops share is copied before one of them adds to its own', () => {
  const device = referenceDevice();
  const { p, q } = { p: tree(device, { p: [2] }).get('p'), q: tree(device, { q: [2] }).get('q') };
  p.load(Float32Array.of(0, 0));
  q.load(Float32Array.of(0, 0));
  scope(() => {
    const [b, a] = [exp(q), exp(p)];
    const early = sum(mul(a, 3));
    // The sum's gradient goes to a and b at once; then the earlier product adds to that of a.
    backward(add(early, sum(add(a, b))));
  });
  expect([gradient(p), gradient(q)]).toEqual([
    [4, 4],
    [1, 1],
  ]);
});

test('micro-batches accumulate to the gradient of the large batch', () => {
  const device = referenceDevice();
  const rows = uniform(12 * 5, [9, 9]);
  const gradients = [[12], [4, 4, 4], [1, 11]].map((sizes) => {
    const parameters = tree(device, { 'n.weight': [5], 'w.weight': [7, 5], 'w.bias': [7] });
    let from = 0;
    for (const size of sizes) {
      scope(() => {
        const x = tensor(device, rows.slice(from * 5, (from + size) * 5), [size, 5]);
        const y = linear(
          layerNorm(x, parameters.get('n.weight'), undefined, 1e-5),
          parameters.get('w.weight'),
          parameters.get('w.bias'),
          { gelu: 'erf' },
        );
        backward(sum(square(y)), 1 / 12);
      });
      from += size;
    }
    return parameters.values().flatMap(gradient);
  });
  // One rounding to f32 per micro-batch and element.
  for (const other of gradients.slice(1))
    other.forEach((x, i) => expect(Math.abs(x - (gradients[0]?.[i] ?? NaN))).toBeLessThan(1e-6));
});

test('a frozen parameter gets no gradient, and costs neither its product nor the saved input', () => {
  const device = referenceDevice();
  const run = (frozen: readonly string[]): { products: number; saved: number; gradients: string[] } => {
    const parameters = tree(device, { a: [64, 64], b: [64, 64] });
    for (const name of frozen) parameters.get(name).trainable = false;
    const x = tensor(device, uniform(64 * 64, [1, 1]), [64, 64]);
    const before = device.memory().arrays;
    const loss = scope(() => sum(linear(linear(x, parameters.get('a')), parameters.get('b'))));
    const saved = device.memory().arrays - before - 1;
    const products = vi.spyOn(device, 'matmul');
    backward(loss);
    const result = {
      products: products.mock.calls.length,
      saved,
      gradients: parameters
        .values()
        .filter((p) => p.gradient !== undefined)
        .map((p) => p.name),
    };
    products.mockRestore();
    return result;
  };
  expect(run([])).toEqual({ products: 3, saved: 1, gradients: ['a', 'b'] });
  expect(run(['b'])).toEqual({ products: 2, saved: 0, gradients: ['a'] });
  expect(run(['a'])).toEqual({ products: 1, saved: 1, gradients: ['b'] });
});

test('a weight gradient is added by the product itself: no second array', () => {
  const device = referenceDevice();
  const w = tree(device, { w: [7, 5] }).get('w');
  const step = (): void => scope(() => backward(sum(linear(tensor(device, uniform(15, [2, 2]), [3, 5]), w))));
  step();
  const first = gradient(w);
  const accumulate = vi.spyOn(device, 'accumulate');
  step();
  expect(accumulate).not.toHaveBeenCalled();
  gradient(w).forEach((x, i) => expect(x).toBeCloseTo(2 * (first[i] ?? NaN), 5));
});

test('a parameter changed between forward and backward is an error, not a wrong gradient', () => {
  const device = referenceDevice();
  const w = tree(device, { w: [3] }).get('w');
  const loss = scope(() => sum(mul(square(w.detach()), exp(neg(square(w))))));
  w.load(Float32Array.of(1, 1, 1));
  expect(() => backward(loss)).toThrow(/square: .*changed in place/);
  expect(w.gradient).toBeUndefined();
  loss.dispose();
  expect(device.memory().arrays).toBe(1);
});

test('an error in the middle of backward leaves nothing behind', () => {
  const device = referenceDevice();
  const { p, w } = { p: tree(device, { p: [3] }).get('p'), w: tree(device, { w: [3] }).get('w') };
  const loss = scope(() => sum(exp(mul(exp(exp(p)), w))));
  w.load(Float32Array.of(1, 1, 1));
  expect(() => backward(loss)).toThrow(/mul: .*changed in place/);
  loss.dispose();
  expect(device.memory().arrays).toBe(2);
});

test('ops outside of every scope leave their result only', () => {
  const device = referenceDevice();
  const [x, weight, qkv] = [
    tensor(device, uniform(15, [1, 1]), [3, 5]),
    tensor(device, uniform(5, [2, 1]), [5]),
    tensor(device, uniform(12, [3, 1]), [1, 2, 6]),
  ];
  const targets = tensor(device, [1, 2, 0], [3], 'i32');
  const before = device.memory().arrays;
  const made = noGrad(() => [
    layerNorm(x, weight, undefined, 1e-5),
    attention(qkv, { heads: 2, causal: true }),
    linearCrossEntropy(x, x, targets),
  ]);
  expect(device.memory().arrays - before).toBe(made.length);
});

test('equal elements share the gradient of maximum and minimum in halves, of max evenly', () => {
  const device = referenceDevice();
  const { p, q } = { p: tree(device, { p: [2] }).get('p'), q: tree(device, { q: [2] }).get('q') };
  p.load(Float32Array.of(1, 5));
  q.load(Float32Array.of(1, 1));
  scope(() => backward(sum(maximum(p, q))));
  expect([gradient(p), gradient(q)]).toEqual([
    [0.5, 1],
    [0.5, 0],
  ]);
  scope(() => backward(sum(minimum(p, q))));
  expect([gradient(p), gradient(q)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
  scope(() => backward(max(q)));
  expect(gradient(q)).toEqual([1.5, 1.5]);
});

test('backward twice, without history, or of many elements is refused', () => {
  const device = referenceDevice();
  const w = tree(device, { w: [3] }).get('w');
  const loss = sum(square(w));
  backward(loss);
  expect(() => backward(loss)).toThrow(/a second one, after its saved tensors were freed/);
  expect(() => backward(noGrad(() => sum(w)))).toThrow(/no recorded history/);
  expect(() => backward(square(w))).toThrow(TensorError);
});

/** 20 exponentials on 1,000 elements; each saves its output. */
function chain(w: Tensor): Tensor {
  let x = w;
  for (let i = 0; i < 20; i++) {
    const from = x;
    x = scope(() => exp(neg(from)));
    if (i > 0) from.dispose();
  }
  return sum(x);
}

test('a chain of 20 ops peaks at 22 activations: the 20 saved, the upstream gradient and the new one (TensorFlow.js: 43)', () => {
  const device = referenceDevice();
  const w = tree(device, { w: [1000] }).get('w');
  const before = device.memory().bytes;
  device.resetPeak();
  scope(() => backward(chain(w)));
  const activations = (device.memory().peak - before) / 4000;
  expect(activations).toBeGreaterThanOrEqual(20);
  expect(activations).toBeLessThan(22.1);
  expect(device.memory().bytes - before).toBe(4000);
});

test('saved activations go while backward runs: half-way through, half of them are gone', () => {
  const device = referenceDevice();
  const w = tree(device, { w: [1000] }).get('w');
  const loss = scope(() => chain(w));
  const full = device.memory().bytes;
  const seen: number[] = [];
  const binary = device.binary.bind(device);
  vi.spyOn(device, 'binary').mockImplementation((...how) => {
    seen.push(device.memory().bytes);
    return binary(...how);
  });
  backward(loss);
  // The broadcast of the sum's gradient, then one product for each exponential.
  expect(seen).toHaveLength(21);
  expect(seen[10]!).toBeLessThan(full - 7 * 4000);
});

test('a thousand training steps leak neither tensors nor bytes', () => {
  const device = referenceDevice();
  const parameters = tree(device, {
    'n.weight': [8],
    'n.bias': [8],
    'w.weight': [8, 8],
    'w.bias': [8],
    'v.weight': [11, 8],
  });
  const x = tensor(device, uniform(24, [4, 4]), [3, 8]);
  const targets = tensor(device, [1, -1, 10], [3], 'i32');
  const after: { arrays: number; bytes: number }[] = [];
  for (let step = 0; step < 1000; step++) {
    scope(() => {
      const normed = layerNorm(x, parameters.get('n.weight'), parameters.get('n.bias'), 1e-5);
      const hidden = linear(normed, parameters.get('w.weight'), parameters.get('w.bias'), { gelu: 'tanh' });
      const loss = mean(linearCrossEntropy(sub(hidden, x), parameters.get('v.weight'), targets));
      backward(loss);
    });
    parameters.zeroGradients();
    const { arrays, bytes } = device.memory();
    after.push({ arrays, bytes });
  }
  expect(new Set(after.map((use) => `${use.arrays} ${use.bytes}`)).size).toBe(1);
  parameters.dispose();
  x.dispose();
  targets.dispose();
  expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
});
