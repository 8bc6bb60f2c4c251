// From a stored model to weights ready to compute: what is packed stays packed.
import {
  type Device,
  type PackedMatrix,
  packedWeights,
  ParameterTree,
  plainWeights,
  type Weights,
} from '@ingot/tensor';
import type { FamilyValue } from './family.js';
import { checkModel, loadTensors } from './load-parameters.js';
import { openPacked } from './packing/packings.js';
import type { ModelValue } from './values.js';

/** Weights on a device, for computing and not for training: whoever loaded them disposes of them. */
export interface LoadedWeights {
  readonly weights: Weights;
  /** What they take: packed matrices as they are stored, everything else as f32. */
  readonly bytes: number;
  dispose(): void;
}

/**
 * Weights of a stored model behind the weights seam, loaded one tensor at a time. Packed matrices stay packed, on the host, and become
 * f32 a block at a time while they are multiplied; to train them, `loadParameters` unpacks them. Throws what `loadParameters` throws.
 */
export const loadWeights = async (device: Device, family: FamilyValue, model: ModelValue): Promise<LoadedWeights> => {
  const specs = checkModel(family, model);
  const isPacked = ({ name }: { readonly name: string }): boolean => model.tensors[name]?.packed !== undefined;
  const tree = ParameterTree.create(
    device,
    specs.filter((spec) => !isPacked(spec)),
  );
  try {
    const packed = new Map<string, PackedMatrix>();
    for (const { name } of specs) {
      const matrix = await openPacked(model, name);
      if (matrix) packed.set(name, matrix);
    }
    await loadTensors(tree.values(), model);
    const held = [...packed.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      weights: packed.size === 0 ? plainWeights(tree) : packedWeights(tree, packed),
      bytes: tree.bytes + held,
      dispose: () => tree.dispose(),
    };
  } catch (error) {
    tree.dispose();
    throw error;
  }
};
