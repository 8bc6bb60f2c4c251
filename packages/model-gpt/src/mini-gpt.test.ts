// Goldens 7.10 (PyTorch 1.13, float32) on the reference device, through the family and the weights seam.
// Tolerances: values to the digits printed there (5e-7 of losses, 1e-6 of logits; sums of 2048 logits 1e-4; trajectories 1e-5).
import {
  adamwStep,
  backward,
  clipFactor,
  globalNorm,
  noGrad,
  OptimiserState,
  scope,
  squaredNorm,
  sum,
  tensor,
} from '@ingot/tensor';
import { afterEach, describe, expect, it } from 'vitest';
import { batch, miniGpt, tokens } from './mini-gpt.fixture.js';
import { countParameters, configOf } from './index.js';

type Mini = ReturnType<typeof miniGpt>;
let model: Mini;
afterEach(() => model.device.dispose());

/** Mean loss over the 30 scored positions; gradients are added when asked for. */
function loss({ device, family, design, weights }: Mini, learn: boolean): number {
  return scope(() => {
    const hidden = family.forward(design, weights, tensor(device, batch.ids, [2, 16], 'i32'));
    const rows = weights.crossEntropy(
      family.head(design),
      hidden.reshape([32, 32]),
      tensor(device, batch.targets, [32], 'i32'),
    );
    const total = sum(rows);
    const value = total.item() / 30;
    if (learn) backward(total, 1 / 30);
    return value;
  });
}
/** Losses of ten steps, with the one before the first. */
function trace(mini: Mini, step: (state: OptimiserState) => void): number[] {
  const state = new OptimiserState();
  const losses = Array.from({ length: 10 }, () => {
    mini.parameters.zeroGradients();
    const value = loss(mini, true);
    step(state);
    return value;
  });
  return [...losses, loss(mini, false)];
}

describe('forward', () => {
  it('has the stated number of parameters', () => {
    model = miniGpt('erf');
    expect(countParameters(configOf(model.design)).total).toBe(43_904);
  });
  it('gives the stated logits', () => {
    model = miniGpt('erf');
    const { device, family, design, weights } = model;
    const logits = noGrad(() =>
      weights
        .logits(family.head(design), family.forward(design, weights, tensor(device, tokens, [2, 16], 'i32')))
        .read(),
    );
    const row = (b: number, t: number) => Array.from(logits).slice((b * 16 + t) * 64, (b * 16 + t + 1) * 64);
    row(0, 0)
      .slice(0, 4)
      .forEach((x, i) => expect(x).toBeCloseTo([-0.509902, -0.61688, -0.412443, 0.000203][i]!, 6));
    row(1, 15)
      .slice(60)
      .forEach((x, i) => expect(x).toBeCloseTo([-1.084575, -1.102248, -0.563484, 0.259738][i]!, 6));
    expect(Math.abs([...logits].reduce((a, b) => a + b, 0) + 41.7162)).toBeLessThan(1e-4);
    expect([0, 1].map((b) => row(b, 15).indexOf(Math.max(...row(b, 15))))).toEqual([22, 13]);
  });
});

describe('backward', () => {
  it.each([
    ['erf', 4.3104558, 2.0085407],
    ['tanh', 4.3104525, 2.0084225],
  ] as const)('gives the stated loss and gradient norm with GELU %s', (gelu, wanted, norm) => {
    model = miniGpt(gelu);
    expect(Math.abs(loss(model, true) - wanted)).toBeLessThan(6e-7);
    expect(Math.abs(globalNorm(model.parameters) - norm)).toBeLessThan(2e-6);
  });
  it('gives the stated norms of single gradients', () => {
    model = miniGpt('erf');
    loss(model, true);
    const stated = {
      'wte.weight': 0.911531,
      'wpe.weight': 0.140592,
      'blocks.0.attention.qkv.weight': 0.10964,
      'blocks.1.mlp.up.weight': 0.3181,
      'norm.weight': 0.152873,
    };
    for (const [name, norm] of Object.entries(stated))
      expect(Math.abs(Math.sqrt(squaredNorm(model.parameters.get(name).gradient!)) - norm)).toBeLessThan(2e-6);
  });
});

describe('ten steps', () => {
  const adamw = [
    4.310456, 4.164697, 4.074731, 4.000926, 3.929135, 3.855226, 3.784669, 3.729316, 3.690217, 3.649107, 3.59881,
  ];
  const nanoGPT = [
    4.310456, 4.212303, 4.141783, 4.085208, 4.034879, 3.986013, 3.936076, 3.884808, 3.834806, 3.790568, 3.754345,
  ];
  const follows = (got: readonly number[], wanted: readonly number[]) =>
    got.forEach((x, i) => expect(Math.abs(x - wanted[i]!)).toBeLessThan(1e-5));

  it("follow torch's AdamW, which decays everything", () => {
    model = miniGpt('erf');
    follows(
      trace(model, (state) => adamwStep(model.parameters, state, { lr: 1e-3, weightDecay: 0.01, decays: () => true })),
      adamw,
    );
  });
  it("follow nanoGPT's: betas .9 and .95, decay of matrices, clipping at 1", () => {
    model = miniGpt('erf');
    const step = (state: OptimiserState) =>
      adamwStep(model.parameters, state, {
        lr: 6e-4,
        beta2: 0.95,
        weightDecay: 0.1,
        gradientScale: clipFactor(globalNorm(model.parameters), 1),
      });
    follows(trace(model, step), nanoGPT);
  });
  it.each([
    ['AdamW', 3.598981, false],
    ['nanoGPT', 3.754423, true],
  ] as const)('end where torch ends with GELU tanh: %s', (_, wanted, clipped) => {
    model = miniGpt('tanh');
    const step = clipped
      ? (state: OptimiserState) =>
          adamwStep(model.parameters, state, {
            lr: 6e-4,
            beta2: 0.95,
            weightDecay: 0.1,
            gradientScale: clipFactor(globalNorm(model.parameters), 1),
          })
      : (state: OptimiserState) =>
          adamwStep(model.parameters, state, { lr: 1e-3, weightDecay: 0.01, decays: () => true });
    expect(Math.abs(trace(model, step).at(-1)! - wanted)).toBeLessThan(1e-5);
  });
});
