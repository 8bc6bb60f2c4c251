// The global norm of the gradients, and the factor that clips it (Pascanu et al. 2013).
import type { Device, Storage } from '../device.js';
import type { ParameterTree } from '../parameter.js';
import type { Tensor } from '../tensor.js';

/** Σ x² of a tensor. */
export function squaredNorm(x: Tensor): number {
  return squaredNormOf(x.device, x.storage);
}

/** Σ x² of a device's array. */
export function squaredNormOf(device: Device, x: Storage): number {
  if (device.kernels.squaredNorm !== undefined) return device.kernels.squaredNorm(x);
  const squares = device.unary('square', x);
  const sum = device.reduce('sum', squares, 1, x.length, 1);
  const [value = Number.NaN] = device.download(sum);
  device.free(squares);
  device.free(sum);
  return value;
}

/** √ Σ g² over the gradients of all trainable parameters; NaN or infinite when one of them is. */
export function globalNorm(tree: ParameterTree): number {
  let sum = 0;
  for (const { gradient, trainable } of tree.values())
    if (trainable && gradient !== undefined) sum += squaredNorm(gradient);
  return Math.sqrt(sum);
}

/** The factor on gradients of this norm that keeps them within `limit`: min(1, limit / (norm + 1e-6)), as torch's clip_grad_norm_. */
export function clipFactor(norm: number, limit: number): number {
  return Math.min(1, limit / (norm + 1e-6));
}
