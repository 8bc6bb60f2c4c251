// Stochastic gradient descent with momentum, as torch.optim.SGD: g += λ·p; b = μ·b + g (b = g at first); p −= lr·b, or lr·(g + μ·b)
// with Nesterov's momentum (Sutskever et al. 2013). The decay is coupled: part of the gradient.
import type { ParameterTree } from '../parameter.js';
import type { Shape } from '../shape.js';
import { TensorError } from '../errors.js';
import { checkRates, decaysMatrices, type OptimiserState } from './state.js';

export interface SgdOptions {
  readonly lr: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** L2 decay, added to the gradient. */
  readonly weightDecay?: number;
  readonly decays?: (name: string, shape: Shape) => boolean;
  readonly gradientScale?: number;
}

/** One step of every trainable parameter that has a gradient, in place; gradients stay. Throws `bad-option`. */
export function sgdStep(tree: ParameterTree, state: OptimiserState, options: SgdOptions): void {
  const { lr, momentum = 0, nesterov = false, weightDecay = 0, decays = decaysMatrices, gradientScale = 1 } = options;
  checkRates('sgdStep', { lr, momentum, weightDecay, gradientScale });
  if (nesterov && momentum === 0)
    throw new TensorError('bad-option', 'sgdStep', { wanted: 'a momentum above 0 with nesterov', got: '0' });
  state.step++;
  for (const parameter of tree.values()) {
    const { gradient, device, storage } = parameter;
    if (gradient === undefined || !parameter.trainable) continue;
    const change = device.affine(gradient.storage, gradientScale, 0);
    if (weightDecay !== 0 && decays(parameter.name, parameter.shape)) device.accumulate(change, storage, weightDecay);
    if (momentum !== 0) {
      const velocity = state.of(parameter, 'velocity').storage;
      device.scale(velocity, momentum);
      device.accumulate(velocity, change, 1);
      if (nesterov) device.accumulate(change, velocity, momentum);
      else device.copy(velocity, 0, change, 0, change.length);
    }
    device.accumulate(storage, change, -lr);
    device.free(change);
    parameter.changed();
  }
}
