// A model ready to compute: a design, its family and its weights on one device.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import { type Device, type ParameterTree, plainWeights, type Weights } from '@ingot/tensor';

/** What decoding reads; the caller keeps the parameters and disposes of them. */
export interface OpenModel {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly weights: Weights;
}

export interface OpenModelOptions {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly parameters: ParameterTree;
  /** Another view of the same weights: an adapter, packed weights. Plain ones unless said. */
  readonly weights?: Weights;
}

/** Binds parameters to their family; allocates nothing. */
export function openModel({ device, family, design, parameters, weights }: OpenModelOptions): OpenModel {
  return { device, family, design, weights: weights ?? plainWeights(parameters) };
}
