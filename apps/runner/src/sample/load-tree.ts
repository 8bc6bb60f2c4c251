// A model's weights on a device.
import type { FamilyValue, ModelValue } from '@ingot/contracts';
import { ParameterTree, type Device } from '@ingot/tensor';

/** Parameters of the model's family filled with its weights, one tensor on the host at a time. The caller disposes of them. */
export const loadTree = async (device: Device, family: FamilyValue, model: ModelValue): Promise<ParameterTree> => {
  const tree = ParameterTree.create(device, family.parameters(model.design));
  for (const parameter of tree.values()) parameter.load(await model.read(parameter.name));
  return tree;
};
