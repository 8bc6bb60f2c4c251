// Packed weights compute what their unpacked twins compute, in one block or many, and send the same gradients back.
import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  embedding,
  linear,
  linearCrossEntropy,
  packedCrossEntropy,
  packedEmbedding,
  packedLinear,
  type PackedMatrix,
  Parameter,
  ParameterTree,
  packedWeights,
  referenceDevice,
  sum,
  tensor,
  type Tensor,
  unpackMatrix,
} from '../index.js';

const device = referenceDevice();
const numbers = (count: number, phase: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(phase + 1.7 * i));

/** Whole numbers from −127 to 127; scaled by rows or not. */
const matrixOf = (rows: number, columns: number, scaled: boolean): PackedMatrix => {
  const codes = Int8Array.from({ length: rows * columns }, (_, i) => Math.round(127 * Math.sin(1 + 0.37 * i)));
  return {
    rows,
    columns,
    bytes: codes.byteLength,
    ...(scaled ? { scales: numbers(rows, 0.3).map((s) => 0.01 + 0.005 * s) } : {}),
    unpack: (first, count, into) => into.set(codes.subarray(first * columns, (first + count) * columns)),
  };
};
const parameter = (name: string, shape: readonly number[], data: Float32Array): Parameter => {
  const made = new Parameter(device, name, shape);
  made.load(data);
  return made;
};
/** Largest difference as a part of the largest number: sums are rounded in another order, because scales multiply afterwards. */
const distance = (a: Tensor | undefined, b: Tensor | undefined): number => {
  const [x, y] = [a!.read(), b!.read()];
  expect(x.length).toBe(y.length);
  let worst = 0;
  let largest = 0;
  for (const [i, value] of y.entries()) {
    worst = Math.max(worst, Math.abs(value - (x[i] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(value));
  }
  return worst / largest;
};

// 300 rows of 1000 are two blocks of 262, and of 38
describe.each([
  ['one block, scaled', 6, 5, true],
  ['one block, unscaled', 6, 5, false],
  ['two blocks, scaled', 300, 1000, true],
])('%s', (_, rows, columns, scaled) => {
  const matrix = matrixOf(rows, columns, scaled);
  const plain = (): Parameter => parameter('w', [rows, columns], unpackMatrix(matrix));

  it.each([undefined, 'erf'] as const)('linear, gelu %s, and its gradients', (gelu) => {
    const run = (packed: boolean) => {
      const x = parameter(
        'x',
        [2, 3, columns],
        numbers(6 * columns, 2).map((n) => 0.1 * n),
      );
      const bias = parameter('b', [rows], numbers(rows, 4));
      const how = gelu === undefined ? {} : { gelu };
      const y = packed ? packedLinear(x, matrix, bias, how) : linear(x, plain(), bias, how);
      const weighted = sum(add(y, y));
      backward(weighted);
      return { y, dx: x.gradient, dBias: bias.gradient };
    };
    const [packed, wanted] = [run(true), run(false)];
    expect(packed.y.shape).toEqual(wanted.y.shape);
    expect(distance(packed.y, wanted.y)).toBeLessThan(1e-6);
    expect(distance(packed.dx, wanted.dx)).toBeLessThan(1e-6);
    expect(distance(packed.dBias, wanted.dBias)).toBeLessThan(1e-6);
  });
  it('embedding', () => {
    const ids = tensor(device, [0, rows - 1, 2, 0], [2, 2], 'i32');
    const [packed, wanted] = [packedEmbedding(matrix, ids), embedding(plain(), ids)];
    expect(packed.shape).toEqual([2, 2, columns]);
    expect(packed.read()).toEqual(wanted.read());
  });
  it('cross-entropy, unscored rows too, and its gradient', () => {
    const run = (packed: boolean) => {
      const x = parameter(
        'x',
        [4, columns],
        numbers(4 * columns, 3).map((n) => 0.1 * n),
      );
      const targets = tensor(device, [1, -1, rows - 1, 3], [4], 'i32');
      const losses = packed ? packedCrossEntropy(x, matrix, targets) : linearCrossEntropy(x, plain(), targets);
      const values = losses.read();
      backward(sum(losses));
      return { values, losses, dx: x.gradient };
    };
    const [packed, wanted] = [run(true), run(false)];
    expect(packed.values[1]).toBe(0);
    for (const [i, value] of wanted.values.entries()) expect(packed.values[i]).toBeCloseTo(value, 4);
    expect(distance(packed.dx, wanted.dx)).toBeLessThan(2e-6);
  });
});

describe('refusals and the seam', () => {
  const matrix = matrixOf(4, 3, true);
  it('says which shapes do not fit', () => {
    const x = tensor(device, numbers(10, 1), [2, 5]);
    expect(() => packedLinear(x, matrix)).toThrow(/x \(…, 3\) for a packed weight \(4, 3\).*\(2, 5\)/s);
    expect(() => packedCrossEntropy(x, matrix, tensor(device, [0, 1], [2], 'i32'))).toThrow(/packed head \(4, 3\)/);
    expect(() => packedEmbedding(matrix, tensor(device, [4], [1], 'i32'))).toThrow(/from 0 to 3/);
  });
  it('memory holds one block, not the matrix', () => {
    const large = matrixOf(2000, 1000, true);
    const x = tensor(device, numbers(1000, 1), [1, 1000]);
    device.resetPeak();
    const before = device.memory().bytes;
    packedLinear(x, large).dispose();
    // 8 MB unpacked; a block is 1 MiB, and two rows of 2,000 outputs stand beside it
    expect(device.memory().peak - before).toBeLessThan(1.1 * 2 ** 20);
    x.dispose();
  });
  it('what is not packed is the tree’s, and nothing stays on the device', () => {
    const tree = ParameterTree.create(device, [
      { name: 'a.bias', shape: [4] },
      { name: 'b.weight', shape: [2, 4] },
    ]);
    tree.get('a.bias').load(numbers(4, 1));
    tree.get('b.weight').load(numbers(8, 2));
    const weights = packedWeights(tree, new Map([['a.weight', matrix]]));
    const before = device.memory().arrays;
    const x = tensor(device, numbers(6, 5), [2, 3]);
    const middle = weights.linear('a', x);
    const y = weights.linear('b', middle);
    expect(y.shape).toEqual([2, 2]);
    expect(() => weights.linear('c', x)).toThrow(/c\.weight/);
    for (const one of [x, middle, y]) one.dispose();
    expect(device.memory().arrays).toBe(before);
    tree.dispose();
  });
});
