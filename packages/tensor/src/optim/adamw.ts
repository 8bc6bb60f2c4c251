// AdamW (Loshchilov and Hutter 2019, algorithm 2): Adam with decay that is decoupled from the gradient.
// m = β1·m + (1−β1)·g, v = β2·v + (1−β2)·g², p = p·(1 − lr·λ) − lr · (m/(1−β1ᵗ)) / (√(v/(1−β2ᵗ)) + ε).
import type { AdamWSpec } from '../kernels.js';
import type { Device } from '../device.js';
import type { Parameter, ParameterTree } from '../parameter.js';
import type { Shape } from '../shape.js';
import { checkRates, decaysMatrices, type OptimiserState } from './state.js';

export interface AdamWOptions {
  readonly lr: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Which parameters decay; matrices and embeddings unless said. */
  readonly decays?: (name: string, shape: Shape) => boolean;
  /** Which parameters are moved at all, where others go by another optimiser; all unless said. */
  readonly only?: (name: string, shape: Shape) => boolean;
  /** Factor on the lr of a parameter, for groups; 1 unless said. */
  readonly lrScale?: (name: string, shape: Shape) => number;
  /** Gradients are read times this: clipping and averaging in the same pass. */
  readonly gradientScale?: number;
}

/** One step of every trainable parameter that has a gradient, in place; gradients stay. Throws `bad-option` for rates that are not finite. */
export function adamwStep(tree: ParameterTree, state: OptimiserState, options: AdamWOptions): void {
  const {
    lr,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0.01,
    decays = decaysMatrices,
    only = () => true,
    lrScale = () => 1,
    gradientScale = 1,
  } = options;
  checkRates('adamwStep', { lr, beta1, beta2, epsilon, weightDecay, gradientScale });
  state.step++;
  for (const parameter of tree.values()) {
    const { gradient, name, shape } = parameter;
    if (gradient === undefined || !parameter.trainable || !only(name, shape)) continue;
    adamw(parameter, {
      parameter: parameter.storage,
      first: state.of(parameter, 'first').storage,
      second: state.of(parameter, 'second').storage,
      gradient: gradient.storage,
      lr: lr * lrScale(name, shape),
      beta1,
      beta2,
      epsilon,
      gradientScale,
      weightDecay: decays(name, shape) ? weightDecay : 0,
      step: state.step,
    });
  }
}

function adamw(parameter: Parameter, spec: AdamWSpec): void {
  const { device } = parameter;
  if (device.kernels.adamw !== undefined) device.kernels.adamw(spec);
  else compose(device, spec);
  parameter.changed();
}

/** The same from primitives, in place but for three passing arrays. */
function compose(device: Device, spec: AdamWSpec): void {
  const { parameter, first, second, gradient, lr, beta1, beta2, gradientScale: scale } = spec;
  const shape = [parameter.length];
  device.scale(first, beta1);
  device.accumulate(first, gradient, (1 - beta1) * scale);
  const squared = device.unary('square', gradient);
  device.scale(second, beta2);
  device.accumulate(second, squared, (1 - beta2) * scale * scale);
  const root = device.unary('sqrt', second);
  const bottom = device.affine(root, 1 / Math.sqrt(1 - beta2 ** spec.step), spec.epsilon);
  const change = device.binary('div', first, shape, bottom, shape, shape);
  if (spec.weightDecay !== 0) device.scale(parameter, 1 - lr * spec.weightDecay);
  device.accumulate(parameter, change, -lr / (1 - beta1 ** spec.step));
  for (const one of [squared, root, bottom, change]) device.free(one);
}
