// Special functions in double precision: erf, and GELU of both kinds with its derivative.
import type { GeluKind } from '../kernels.js';

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** erf(x) to about 1e-15: Abramowitz and Stegun 7.1.6 (all terms positive) below 3, the continued fraction 7.1.14 of erfc above. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * TWO_OVER_ROOT_PI * Math.exp(-a * a) * sum;
  }
  if (a > 6) return Math.sign(x);
  if (Number.isNaN(x)) return x;
  let fraction = a;
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction);
}

const ROOT_HALF = Math.SQRT1_2;
const DENSITY = 1 / Math.sqrt(2 * Math.PI);
const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** A function of one number, and its derivative. */
export interface Activation {
  value(x: number): number;
  slope(x: number): number;
}

/** GELU (Hendrycks and Gimpel 2016): x·Φ(x), and its tanh approximation, each with its derivative. */
export const gelus = {
  erf: {
    value: (x) => (x === -Infinity ? 0 : 0.5 * x * (1 + erf(x * ROOT_HALF))),
    slope: (x) => 0.5 * (1 + erf(x * ROOT_HALF)) + (Math.abs(x) > 40 ? 0 : x * DENSITY * Math.exp(-0.5 * x * x)),
  },
  tanh: {
    value: (x) => (x === -Infinity ? 0 : 0.5 * x * (1 + Math.tanh(ROOT_TWO_OVER_PI * (x + CUBIC * x * x * x)))),
    slope: (x) => {
      const t = Math.tanh(ROOT_TWO_OVER_PI * (x + CUBIC * x * x * x));
      const inner = Math.abs(x) > 1e6 ? 0 : 0.5 * x * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * CUBIC * x * x);
      return 0.5 * (1 + t) + inner;
    },
  },
} as const satisfies Record<GeluKind, Activation>;
