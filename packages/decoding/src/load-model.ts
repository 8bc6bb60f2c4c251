// From a stored model to one ready to compute, by the family that its design names.
import { Family, loadWeights, type ModelValue } from '@ingot/contracts';
import type { Installed } from '@ingot/core';
import type { Device } from '@ingot/tensor';
import type { OpenModel } from './open-model.js';

/** An open model that owns its weights. */
export interface LoadedModel extends OpenModel {
  /** What the weights take: packed ones stay packed. */
  readonly bytes: number;
  dispose(): void;
}

/**
 * Loads a model onto a device; packed weights stay packed. The caller disposes of it. Throws `unknown-name` when its family is not
 * installed, and what `loadWeights` throws when its version or its tensors do not fit.
 */
export async function loadModel({
  device,
  installed,
  model,
}: {
  readonly device: Device;
  readonly installed: Installed;
  readonly model: ModelValue;
}): Promise<LoadedModel> {
  const family = await installed.make(Family, model.design.family);
  return { device, family, design: model.design, ...(await loadWeights(device, family, model)) };
}
