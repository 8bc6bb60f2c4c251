// The critic: values of the places before each token, by a head on the policy's trunk, or by a model of its own.
import type { FamilyValue, LiveModel, ModelValue } from '@ingot/contracts';
import { ParameterTree, plainWeights, type Device, type Parameter } from '@ingot/tensor';
import { trunkWidth } from '@ingot/training';
import { valueHead } from './score.js';

const PREFIX = 'critic.';

/** A critic with parameters of its own. */
export interface SeparateCritic {
  readonly live: LiveModel;
  readonly parameters: readonly Parameter[];
  dispose(): void;
}

/**
 * A critic of its own, which begins as `model` with a value head of zeros; its parameters are named 'critic.…', so that one optimiser holds both.
 * The caller disposes of it.
 */
export async function separateCritic(device: Device, family: FamilyValue, model: ModelValue): Promise<SeparateCritic> {
  const { design } = model;
  const specs = [...family.parameters(design), ...valueHead(trunkWidth({ family, design }))];
  const tree = ParameterTree.create(
    device,
    specs.map(({ name, shape }) => ({ name: PREFIX + name, shape })),
  );
  try {
    for (const { name } of family.parameters(design)) tree.get(PREFIX + name).load(await model.read(name));
  } catch (error) {
    tree.dispose();
    throw error;
  }
  const view = { get: (name: string) => tree.get(PREFIX + name), has: (name: string) => tree.has(PREFIX + name) };
  return {
    live: { device, family, design, weights: plainWeights(view) },
    parameters: tree.values(),
    dispose: () => tree.dispose(),
  };
}
