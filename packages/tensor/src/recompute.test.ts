// Recomputation: the same gradients in less memory.
import { expect, test } from 'vitest';
import {
  add,
  backward,
  dropout,
  linear,
  ParameterTree,
  recompute,
  referenceDevice,
  scope,
  sum,
  tanh,
  tensor,
  type Tensor,
  uniform,
} from './index.js';

const LAYERS = 12;

function train(again: boolean): { gradients: number[]; peak: number; left: number } {
  const device = referenceDevice();
  const tree = ParameterTree.create(
    device,
    Array.from({ length: LAYERS }, (_, i) => ({ name: `w${i}`, shape: [16, 16] })),
  );
  tree.values().forEach((parameter, i) => parameter.load(uniform(256, [i, 1]).map((x) => x - 0.5)));
  const x = tensor(device, uniform(64 * 16, [7, 7]), [64, 16]);
  const block =
    (i: number) =>
    (h: Tensor): Tensor => {
      const inner = tanh(linear(tanh(linear(h, tree.get(`w${i}`))), tree.get(`w${i}`), undefined, { gelu: 'erf' }));
      return add(h, dropout(inner, { rate: 0.2, key: [i, 3], counter: 0 }));
    };
  device.resetPeak();
  const before = device.memory().bytes;
  scope(() => {
    let h = x;
    for (let i = 0; i < LAYERS; i++) {
      const from = h;
      h = scope(() => (again ? recompute([from], block(i)) : block(i)(from)));
    }
    backward(sum(h));
  });
  const peak = device.memory().peak - before;
  const gradients = tree.values().flatMap((parameter) => [...(parameter.gradient?.read() ?? [])]);
  tree.dispose();
  x.dispose();
  return { gradients, peak, left: device.memory().arrays };
}

test('gradients are the same bits, the peak is lower, nothing is left', () => {
  const [plain, again] = [train(false), train(true)];
  expect(again.gradients).toHaveLength(LAYERS * 256);
  expect(again.gradients).toEqual(plain.gradients);
  expect(again.gradients.some((g) => g !== 0)).toBe(true);
  expect(again.peak).toBeLessThan(0.55 * plain.peak);
  expect([plain.left, again.left]).toEqual([0, 0]);
});

test('blocks may nest, and the gradient passes to the input', () => {
  const device = referenceDevice();
  const run = (again: boolean): number[] => {
    const [p] = ParameterTree.create(device, [{ name: 'p', shape: [3] }]).values();
    p!.load(Float32Array.of(0.1, -0.4, 2));
    const wrap =
      (f: (x: Tensor) => Tensor) =>
      (x: Tensor): Tensor =>
        again ? recompute([x], f) : f(x);
    scope(() => backward(sum(wrap((x) => tanh(wrap((y) => tanh(add(y, y)))(x)))(p!))));
    return [...p!.gradient!.read()];
  };
  expect(run(true)).toEqual(run(false));
});

test('a parameter changed before backward is an error here too', () => {
  const device = referenceDevice();
  const [p] = ParameterTree.create(device, [{ name: 'p', shape: [3] }]).values();
  const loss = scope(() => sum(recompute([tensor(device, [1, 2, 3], [3])], (x) => tanh(add(x, p!)))));
  p!.load(Float32Array.of(1, 1, 1));
  expect(() => backward(loss)).toThrow(/recompute: .*changed in place/);
});
