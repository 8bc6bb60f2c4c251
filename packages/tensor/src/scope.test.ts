// Scopes: what leaves, what is freed, and when.
import { expect, test } from 'vitest';
import {
  add,
  mul,
  noGrad,
  ParameterTree,
  referenceDevice,
  scope,
  tensor,
  TensorError,
  tanh,
  type Tensor,
  zeros,
} from './index.js';

const some = (device = referenceDevice()): { device: ReturnType<typeof referenceDevice>; x: Tensor } => ({
  device,
  x: tensor(device, [1, 2, 3], [3]),
});

test('tensors made inside are freed, those returned leave, in arrays and plain objects too', () => {
  const { device, x } = some();
  const out = scope(() => {
    const y = mul(x, 2);
    const z = add(y, y);
    return { list: [add(z, 1)], z, text: 'kept', none: undefined };
  });
  expect(device.memory().arrays).toBe(3);
  expect([...out.z.read()]).toEqual([4, 8, 12]);
  expect([...(out.list[0]?.read() ?? [])]).toEqual([5, 9, 13]);
});

test('what leaves an inner scope is freed by the outer one', () => {
  const { device, x } = some();
  scope(() => {
    const y = scope(() => mul(x, 2));
    expect(y.disposed).toBe(false);
  });
  expect(device.memory().arrays).toBe(1);
});

test('an error frees everything; the error passes', () => {
  const { device, x } = some();
  expect(() =>
    scope(() => {
      mul(x, 2);
      throw new RangeError('stop');
    }),
  ).toThrow(RangeError);
  expect(device.memory().arrays).toBe(1);
  expect(scope(() => mul(x, 1)).disposed).toBe(false);
});

test('a tensor used after its scope is a clear error; disposing of it twice is not', () => {
  const { device } = some();
  let escaped: Tensor | undefined;
  scope(() => {
    escaped = zeros(device, [2]);
  });
  expect(() => escaped?.read()).toThrow(/whose scope has ended.*Try: return it from the scope/s);
  escaped?.dispose();
});

test('an asynchronous body is refused', () => {
  const { device } = some();
  expect(() => scope(async () => zeros(device, [2]))).toThrow(TensorError);
});

test('a reshaped tensor shares its array, which lives as long as one of them', () => {
  const { device, x } = some();
  const y = scope(() => x.reshape([3, 1]));
  expect(device.memory()).toMatchObject({ arrays: 1, bytes: 12 });
  x.dispose();
  expect([...y.read()]).toEqual([1, 2, 3]);
  y.dispose();
  expect(device.memory()).toMatchObject({ arrays: 0, bytes: 0 });
});

test('a graph that nobody runs backward through frees what it saved, however deep', () => {
  const { device } = some();
  const tree = ParameterTree.create(device, [{ name: 'p', shape: [3] }]);
  const before = device.memory().arrays;
  scope(() => {
    let y: Tensor = tree.get('p');
    for (let i = 0; i < 20_000; i++) {
      const from = y;
      y = scope(() => tanh(from));
      if (i > 0) from.dispose();
    }
    expect(device.memory().arrays - before).toBe(20_000);
  });
  expect(device.memory().arrays).toBe(before);
});

test('noGrad keeps nothing', () => {
  const device = referenceDevice();
  const tree = ParameterTree.create(device, [{ name: 'p', shape: [3] }]);
  const y = noGrad(() => scope(() => tanh(tanh(tree.get('p')))));
  expect(y.target).toBeUndefined();
  expect(device.memory().arrays).toBe(2);
});
