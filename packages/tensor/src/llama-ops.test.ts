// The ops of Llama-like models against transformers 5.23.0 and torch 2.15.0 (fixtures/llama-ops.py): outputs and gradients, with and
// without kernels.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  attention,
  backwardFrom,
  gated,
  Parameter,
  referenceDevice,
  rmsNorm,
  rope,
  ropeFrequencies,
  ropeTable,
  scope,
  silu,
  tensor,
  type Tensor,
  withoutKernels,
} from './index.js';

const golden = JSON.parse(readFileSync(new URL('./fixtures/llama-ops.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly {
    readonly name: string;
    readonly inputs: readonly { readonly shape: readonly number[]; readonly a: number }[];
    readonly y: readonly number[];
    readonly gradients: readonly (readonly number[])[];
  }[];
};

const grouped = { heads: 6, kvHeads: 2 } as const;
const angles = (x: Tensor): Tensor => ropeTable(x.device, ropeFrequencies({ headSize: 6 }), { length: 4 });
const ours: Readonly<Record<string, (x: Tensor, weight: Tensor | undefined) => Tensor>> = {
  rmsNorm: (x, w) => rmsNorm(x, w, 1e-5),
  'rmsNorm, offset 1': (x, w) => rmsNorm(x, w, 1e-5, { offset: 1 }),
  'rmsNorm without weight': (x) => rmsNorm(x, undefined, 1e-5),
  'rope, half': (x) => rope(x, angles(x), { heads: 4, rotated: 3 }),
  'rope, interleaved': (x) => rope(x, angles(x), { heads: 4, rotated: 3, pairing: 'interleaved' }),
  silu,
  'gated silu': (x) => gated(x, 'silu'),
  'gated gelu-erf': (x) => gated(x, 'gelu-erf'),
  'gated gelu-tanh': (x) => gated(x, 'gelu-tanh'),
  'gated relu': (x) => gated(x, 'relu'),
  'attention, window 3': (x) => attention(x, { ...grouped, causal: true, window: 3 }),
  'attention, window 2 and softcap 1.5': (x) =>
    attention(x, { ...grouped, causal: true, window: 2, softcap: 1.5, scale: 2.5 }),
  'attention both ways, window 3': (x) => attention(x, { ...grouped, causal: false, window: 3 }),
};

const wave = (count: number, of: (i: number) => number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => of(i));
/** Some ulps of numbers near 1, which both sides compute in float32. */
const TOLERANCE = 2e-6;

describe.each([
  ['with kernels', referenceDevice],
  ['without kernels', () => withoutKernels(referenceDevice())],
] as const)('%s', (_name, open) => {
  test.each(golden.cases)('$name', ({ name, inputs, y, gradients }) => {
    const device = open();
    const parameters = inputs.map(({ shape, a }, i) => {
      const parameter = new Parameter(device, `input ${i}`, shape);
      parameter.load(wave(parameter.size, (j) => Math.sin(a * j)));
      return parameter;
    });
    const near = (what: string, got: ArrayLike<number>, wanted: readonly number[]): void => {
      expect(got.length).toBe(wanted.length);
      wanted.forEach((x, i) => expect(Math.abs((got[i] ?? NaN) - x), `${what} ${i}`).toBeLessThan(TOLERANCE));
    };
    scope(() => {
      const made = ours[name]!(parameters[0]!, parameters[1]);
      near('y', made.read(), y);
      backwardFrom(
        made,
        tensor(
          device,
          wave(made.size, (i) => Math.cos(0.37 * i)),
          made.shape,
        ),
      );
    });
    gradients.forEach((wanted, i) => near(`gradient ${i}`, parameters[i]?.gradient?.read() ?? [], wanted));
    for (const parameter of parameters) parameter.dispose();
    expect(device.memory().arrays).toBe(0);
  });
});
