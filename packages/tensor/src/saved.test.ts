// Outputs that are cheap to make again are not kept for backward: fewer bytes between forward and backward, the same gradients to the bit.
import { expect, test } from 'vitest';
import { type Device, gelu, layerNorm, linear, Parameter, referenceDevice, scope, sum, backward } from './index.js';

const numbers = (n: number) => Float32Array.from({ length: n }, (_, i) => ((i * 7919) % 101) / 50 - 1);

/** Bytes held after forward beyond the parameters, and every gradient. */
const run = (device: Device) => {
  const make = (name: string, shape: number[]) => {
    const parameter = new Parameter(device, name, shape);
    parameter.load(numbers(parameter.size));
    return parameter;
  };
  const [x, w, b, up, down] = [
    make('x', [64, 32]),
    make('w', [32]),
    make('b', [32]),
    make('up', [128, 32]),
    make('down', [32, 128]),
  ];
  const parameters = [x, w, b, up, down];
  const before = device.memory().bytes;
  const held = scope(() => {
    const loss = scope(() => sum(linear(gelu(linear(layerNorm(x, w, b, 1e-5), up), 'tanh'), down)));
    const bytes = device.memory().bytes - before;
    backward(loss);
    return bytes;
  });
  const gradients = parameters.map((parameter) => parameter.gradient!.read());
  for (const parameter of parameters) parameter.dispose();
  return { held, gradients, left: device.memory().arrays };
};

test('the inputs are kept in place of a norm’s and an activation’s output', () => {
  const fused = referenceDevice();
  const { gelu: _gelu, layerNorm: _norm, ...others } = fused.kernels;
  const kept = run({ ...fused, kernels: others });
  const again = run(referenceDevice());
  // Not kept: the norm's output (64 · 32) and the activation's (64 · 128); the composed ones keep their parts beside them.
  expect(again.held).toBeLessThanOrEqual(4 * (64 * 128 + 2 * 64 + 1));
  expect(kept.held).toBeGreaterThan(again.held + 4 * 64 * (32 + 128) - 1);
  expect(again.left).toBe(0);
});
test('a weight that changed in between is stale, not silently another output', () => {
  const device = referenceDevice();
  const x = new Parameter(device, 'x', [4, 8]);
  const w = new Parameter(device, 'w', [8]);
  const up = new Parameter(device, 'up', [8, 8]);
  for (const one of [x, w, up]) one.load(numbers(one.size));
  scope(() => {
    const loss = sum(linear(layerNorm(x, w, undefined, 1e-5), up));
    w.load(numbers(8));
    expect(() => backward(loss)).toThrow(/changed in place/);
  });
});
