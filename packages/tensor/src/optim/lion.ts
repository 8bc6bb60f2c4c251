// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2): every element moves by lr in the direction of a sign.
// c = β1·m + (1−β1)·g, p = p·(1 − lr·λ) − lr·sign(c), m = β2·m + (1−β2)·g.
import type { Device } from '../device.js';
import type { LionSpec } from '../kernels.js';
import type { Parameter, ParameterTree } from '../parameter.js';
import type { Shape } from '../shape.js';
import { checkRates, decaysMatrices, type OptimiserState } from './state.js';

export interface LionOptions {
  readonly lr: number;
  /** 0.9 unless said: the share of the momentum in the direction. */
  readonly beta1?: number;
  /** 0.99 unless said: the memory of the momentum. */
  readonly beta2?: number;
  /** Decoupled; 0 unless said. */
  readonly weightDecay?: number;
  /** Which parameters decay; matrices and embeddings unless said. */
  readonly decays?: (name: string, shape: Shape) => boolean;
  /** Gradients are read times this. */
  readonly gradientScale?: number;
}

/** One step of every trainable parameter that has a gradient, in place; gradients stay. Throws `bad-option` for rates that are not finite. */
export function lionStep(tree: ParameterTree, state: OptimiserState, options: LionOptions): void {
  const { lr, beta1 = 0.9, beta2 = 0.99, weightDecay = 0, decays = decaysMatrices, gradientScale = 1 } = options;
  checkRates('lionStep', { lr, beta1, beta2, weightDecay, gradientScale });
  state.step++;
  for (const parameter of tree.values()) {
    const { gradient, name, shape } = parameter;
    if (gradient === undefined || !parameter.trainable) continue;
    lion(parameter, {
      parameter: parameter.storage,
      momentum: state.of(parameter, 'momentum').storage,
      gradient: gradient.storage,
      lr,
      beta1,
      beta2,
      gradientScale,
      weightDecay: decays(name, shape) ? weightDecay : 0,
    });
  }
}

function lion(parameter: Parameter, spec: LionSpec): void {
  const { device } = parameter;
  if (device.kernels.lion !== undefined) device.kernels.lion(spec);
  else compose(device, spec);
  parameter.changed();
}

/** The same from primitives, in place but for two passing arrays. */
function compose(device: Device, spec: LionSpec): void {
  const { parameter, momentum, gradient, lr, beta1, beta2, gradientScale: scale, weightDecay } = spec;
  const mixed = device.affine(momentum, beta1, 0);
  device.accumulate(mixed, gradient, (1 - beta1) * scale);
  const direction = device.unary('sign', mixed);
  if (weightDecay !== 0) device.scale(parameter, 1 - lr * weightDecay);
  device.accumulate(parameter, direction, -lr);
  device.scale(momentum, beta2);
  device.accumulate(momentum, gradient, (1 - beta2) * scale);
  for (const one of [mixed, direction]) device.free(one);
}
