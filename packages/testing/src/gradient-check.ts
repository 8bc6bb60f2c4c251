// Gradients by finite differences: what backward says of an op against how its output really changes.
import { backwardFrom, type Device, normal, Parameter, scope, tensor, type Tensor } from '@ingot/tensor';

export interface GradientInput {
  readonly shape: readonly number[];
  /** Row-major; standard normal numbers unless given. */
  readonly data?: Float32Array;
}
export interface GradientCheckOptions {
  readonly device: Device;
  /** Largest difference allowed, relative to max(1, the largest entry of that gradient). By default 1e-3: fp32 outputs over a step of 0.02 leave about 1e-5 for entries near 1. */
  readonly tolerance?: number;
  /** Step h of the five-point stencil, whose error is O(h⁴). */
  readonly step?: number;
  readonly seed?: number;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Deterministic standard normal numbers of a shape. */
export function testNumbers(shape: readonly number[], seed: number): Float32Array {
  return normal(sizeOf(shape), [seed, 0x1e57]);
}

/** Σ y·w in double, for a fixed random w: one number that every element of the output enters. */
function weightedSum(y: ArrayLike<number>, weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (y[i] ?? 0) * (weights[i] ?? 0);
  return sum;
}

/**
 * Compares backward of f, in every element of every input, with the five-point difference quotient of Σ w·f(inputs) for a random w.
 * Leaves no tensor behind. Throws an Error that names input, element and both numbers where they differ.
 */
export function checkGradients(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly GradientInput[],
  options: GradientCheckOptions,
): void {
  const { device, tolerance = 1e-3, step = 0.02, seed = 1 } = options;
  const data = inputs.map(({ shape, data: given }, i) => given?.slice() ?? testNumbers(shape, seed + i));
  const parameters = inputs.map(({ shape }, i) => new Parameter(device, `input ${i}`, shape));
  const load = (): void => parameters.forEach((parameter, i) => parameter.load(data[i] ?? new Float32Array()));
  const evaluate = (weights: Float32Array): number => scope(() => weightedSum(f(...parameters).read(), weights));
  try {
    load();
    const weights = scope(() => {
      const y = f(...parameters);
      const random = testNumbers(y.shape, seed + 1000);
      backwardFrom(y, tensor(device, random, y.shape));
      return random;
    });
    parameters.forEach((parameter, p) => {
      const analytic = parameter.gradient?.read() ?? new Float32Array(parameter.size);
      const numeric = Float64Array.from({ length: parameter.size }, (_, i) => {
        const values = data[p] ?? new Float32Array();
        const centre = values[i] ?? 0;
        const at = (offset: number): number => {
          values[i] = centre + offset;
          parameter.load(values);
          return evaluate(weights);
        };
        const slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
        values[i] = centre;
        parameter.load(values);
        return slope;
      });
      compare(p, parameter.shape, analytic, numeric, tolerance);
    });
  } finally {
    for (const parameter of parameters) parameter.dispose();
  }
}

function compare(
  input: number,
  shape: readonly number[],
  analytic: ArrayLike<number>,
  numeric: Float64Array,
  tolerance: number,
): void {
  const scale = Math.max(1, ...numeric.map(Math.abs));
  numeric.forEach((wanted, i) => {
    const got = analytic[i] ?? Number.NaN;
    if (!(Math.abs(got - wanted) <= tolerance * scale)) {
      throw new Error(
        `gradient of input ${input} (${shape.join(', ')}), element ${i}: backward gives ${got}, finite differences ${wanted}; allowed ${tolerance * scale}.`,
      );
    }
  });
}
