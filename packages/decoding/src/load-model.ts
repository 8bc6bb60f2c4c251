// From a stored model to one ready to compute, by the family that its design names.
import { Family, loadParameters, type ModelValue } from '@ingot/contracts';
import type { Installed } from '@ingot/core';
import type { Device } from '@ingot/tensor';
import { openModel, type OpenModel } from './open-model.js';

/** An open model that owns its parameters. */
export interface LoadedModel extends OpenModel {
  dispose(): void;
}

/**
 * Loads a model onto a device; the caller disposes of it. Throws `unknown-name` when its family is not installed, and what
 * `loadParameters` throws when its version or its tensors do not fit.
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
  const parameters = await loadParameters(device, family, model);
  return { ...openModel({ device, family, design: model.design, parameters }), dispose: () => parameters.dispose() };
}
