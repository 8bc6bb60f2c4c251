// The contract of a device as a test suite: a device package's test is one call to it, plus its own quirks.
import {
  attention,
  backwardFrom,
  type Device,
  gated,
  isTensorError,
  linear,
  linearCrossEntropy,
  Parameter,
  referenceDevice,
  rmsNorm,
  rope,
  ropeFrequencies,
  ropeTable,
  scope,
  tensor,
  type Tensor,
  withoutKernels,
} from '@ingot/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelCases } from './device-kernel-cases.js';
import { type OpCase } from './device-cases.js';
import { rowTests } from './device-row-tests.js';
import { runCase } from './device-run-case.js';
import { threadTests } from './device-thread-tests.js';
import { opCases } from './device-op-cases.js';
import { primitiveCases } from './device-primitive-cases.js';
import { checkGradients, testNumbers } from './gradient-check.js';

export interface DeviceSuiteOptions {
  /** Largest difference from the reference device, relative to max(1, the largest number of the result). By default 1e-5: fp32 sums of some hundred terms. */
  readonly tolerance?: number;
  /** For a device that claims the same bits with any number of threads: opens it with so many. */
  readonly withThreads?: (threads: number) => Device | Promise<Device>;
}

/** The first number that differs by more than tolerance · max(1, the largest of its result); undefined when all agree. */
function firstDifference(
  got: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  tolerance: number,
): string | undefined {
  for (const [which, numbers] of wanted.entries()) {
    const mine = got[which] ?? [];
    if (mine.length !== numbers.length)
      return `result ${which} has ${mine.length} numbers, the reference ${numbers.length}`;
    const allowed = tolerance * Math.max(1, ...numbers.filter(Number.isFinite).map(Math.abs));
    const at = numbers.findIndex(
      (x, i) => !Object.is(mine[i], x) && !(Math.abs((mine[i] ?? Number.NaN) - x) <= allowed),
    );
    if (at >= 0)
      return `result ${which}, element ${at}: ${mine[at]}, the reference has ${numbers[at]}; allowed ${allowed}`;
  }
  return undefined;
}

/** The code of the TensorError that a body throws. */
function codeOf(body: () => unknown): string {
  try {
    scope(body);
  } catch (error) {
    if (isTensorError(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** Output and gradients of an op case with fixed numbers. */
function outputAndGradients(device: Device, opCase: OpCase): (readonly number[])[] {
  const parameters = opCase.inputs.map(({ shape }, i) => new Parameter(device, `input ${i}`, shape));
  parameters.forEach((parameter, i) => parameter.load(opCase.inputs[i]?.data ?? testNumbers(parameter.shape, 1 + i)));
  const output = scope(() => {
    const y = opCase.run(device, ...parameters);
    backwardFrom(y, tensor(device, testNumbers(y.shape, 77), y.shape));
    return [...y.read()];
  });
  const gradients = parameters.map((parameter) => [...(parameter.gradient?.read() ?? [])]);
  for (const parameter of parameters) parameter.dispose();
  return [output, ...gradients];
}

/**
 * Registers vitest tests that any device must pass: every primitive and every kernel it has against the reference device on odd sizes, every op's
 * output and gradients with and without kernels, memory accounting, and row invariance where the device claims it.
 */
export function deviceSuite(
  name: string,
  openDevice: () => Device | Promise<Device>,
  { tolerance = 1e-5, withThreads }: DeviceSuiteOptions = {},
): void {
  describe(`device contract: ${name}`, () => {
    const reference = referenceDevice();
    let device: Device;
    beforeAll(async () => {
      device = await openDevice();
    });
    afterAll(() => device.dispose());

    memoryTests(() => device);

    test.each(primitiveCases)('primitive: $name', ({ run }) => {
      const before = device.memory();
      const wanted = runCase(reference, (keep) => run(reference, keep));
      expect(
        firstDifference(
          runCase(device, (keep) => run(device, keep)),
          wanted,
          tolerance,
        ),
      ).toBeUndefined();
      expect(device.memory().arrays, 'arrays left behind').toBe(before.arrays);
    });

    test.for(kernelCases)('kernel: $name', ({ kernel, run }, { skip }) => {
      if (device.kernels[kernel] === undefined) skip(`${device.name} has no kernel '${kernel}'`);
      // A backward kernel without its forward one is proven by the op's own case.
      const kernels = { ...reference.kernels, ...device.kernels } as Required<typeof reference.kernels>;
      const forward = kernel.replace('Backward', '') as typeof kernel;
      if (device.kernels[forward] === undefined) skip(`${device.name} has no kernel '${forward}'`);
      const before = device.memory();
      const theirs = runCase(reference, (keep) =>
        run(reference, reference.kernels as Required<typeof reference.kernels>, keep),
      );
      expect(
        firstDifference(
          runCase(device, (keep) => run(device, kernels, keep)),
          theirs,
          tolerance,
        ),
      ).toBeUndefined();
      expect(device.memory().arrays, 'arrays left behind').toBe(before.arrays);
    });

    test.each(opCases)(
      'op: $name: output and gradients as the reference device, with and without kernels',
      (opCase) => {
        const before = device.memory();
        const wanted = outputAndGradients(reference, opCase);
        expect(firstDifference(outputAndGradients(device, opCase), wanted, 4 * tolerance)).toBeUndefined();
        expect(
          firstDifference(outputAndGradients(withoutKernels(device), opCase), wanted, 4 * tolerance),
        ).toBeUndefined();
        expect(device.memory()).toMatchObject({ arrays: before.arrays, bytes: before.bytes });
      },
    );

    test.each(opCases)('op: $name: gradients as finite differences', (opCase) => {
      const options = { device, tolerance: Math.max(1e-3, 50 * tolerance) };
      expect(() => checkGradients((...inputs) => opCase.run(device, ...inputs), opCase.inputs, options)).not.toThrow();
    });

    rowTests(() => device);
    refusalTests(() => device);
    if (withThreads !== undefined) threadTests(withThreads);
  });
}

function memoryTests(open: () => Device): void {
  test('memory: uploads are copies, downloads read any part, copy, fill, accumulate and scale work in place', () => {
    const device = open();
    const host = Float32Array.of(1, 2, 3, 4, 5);
    const x = device.upload(host);
    host[0] = 9;
    expect([...device.download(x)]).toEqual([1, 2, 3, 4, 5]);
    expect([...device.download(x, 1, 3)]).toEqual([2, 3, 4]);
    const y = device.zeros('f32', 7);
    device.copy(x, 1, y, 2, 3);
    expect([...device.download(y)]).toEqual([0, 0, 2, 3, 4, 0, 0]);
    device.copy(y, 0, y, 5, 2);
    device.scale(y, 2);
    device.accumulate(y, y, 0.5);
    expect([...device.download(y)]).toEqual([0, 0, 6, 9, 12, 0, 0]);
    device.fill(y, -1);
    expect([...device.download(y)]).toEqual([-1, -1, -1, -1, -1, -1, -1]);
    const ids = device.upload(Int32Array.of(-5, 2 ** 31 - 1));
    expect(device.download(ids)).toBeInstanceOf(Int32Array);
    expect([...device.download(ids)]).toEqual([-5, 2 ** 31 - 1]);
    const zeros = device.zeros('i32', 3);
    expect([...device.download(zeros)]).toEqual([0, 0, 0]);
    for (const one of [x, y, ids, zeros]) device.free(one);
  });

  test('memory: arrays, bytes and the peak are counted, and return to where they were', () => {
    const device = open();
    const before = device.memory();
    device.resetPeak();
    const x = device.upload(new Float32Array(1000));
    const y = device.zeros('f32', 500);
    expect(device.memory().arrays - before.arrays).toBe(2);
    expect(device.memory().bytes - before.bytes).toBe(6000);
    device.free(x);
    device.free(y);
    expect(device.memory()).toMatchObject({ arrays: before.arrays, bytes: before.bytes });
    expect(device.memory().peak - before.bytes).toBe(6000);
    device.resetPeak();
    expect(device.memory().peak).toBe(before.bytes);
  });

  test('memory: an array freed twice is refused', () => {
    const device = open();
    const x = device.zeros('f32', 3);
    device.free(x);
    expect(() => device.free(x)).toThrow(/./);
    expect(() => device.download(x)).toThrow(/./);
  });
}

function refusalTests(open: () => Device): void {
  test('ids out of range, empty shapes and shapes that do not fit are refused before the device sees them', () => {
    const device = open();
    const before = device.memory().arrays;
    const x = (): Tensor => tensor(device, new Float32Array(6), [2, 3]);
    expect(codeOf(() => linearCrossEntropy(x(), x(), tensor(device, [0, 2], [2], 'i32')))).toBe('bad-index');
    expect(codeOf(() => tensor(device, [], [0]))).toBe('bad-shape');
    expect(codeOf(() => linear(x(), tensor(device, new Float32Array(4), [2, 2])))).toBe('bad-shape');
    expect(codeOf(() => rmsNorm(x(), tensor(device, [1, 1], [2]), 1e-5))).toBe('bad-shape');
    expect(codeOf(() => gated(x(), 'silu'))).toBe('bad-shape');
    expect(codeOf(() => ropeTable(device, ropeFrequencies({ headSize: 2 }), { length: 0 }))).toBe('bad-shape');
    const table = (): Tensor => ropeTable(device, ropeFrequencies({ headSize: 2 }), { length: 2 });
    expect(codeOf(() => rope(x().reshape([1, 2, 3]), table(), { heads: 3 }))).toBe('bad-shape');
    const heads = { heads: 1, causal: true };
    expect(codeOf(() => attention(x().reshape([1, 2, 3]), { ...heads, window: 0 }))).toBe('bad-option');
    expect(codeOf(() => attention(x().reshape([1, 2, 3]), { ...heads, softcap: 0 }))).toBe('bad-option');
    expect(device.memory().arrays).toBe(before);
  });
}
