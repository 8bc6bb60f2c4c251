// A model whose weights are on a device: what training, decoding and evaluation all work on.
import type { Device, Weights } from '@ingot/tensor';
import type { FamilyValue } from './family.js';
import type { DesignValue } from './values.js';

/** A family, a design and weights on one device; whoever made it keeps the parameters and disposes of them. */
export interface LiveModel {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly weights: Weights;
}
