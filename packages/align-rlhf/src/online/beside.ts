// What stands on the device beside the policy: the reference and the critic, and where roles share buffers.
import { table, type StageEvent } from '@ingot/core';
import { loadParameters, type FamilyValue, type LiveModel } from '@ingot/contracts';
import { ParameterTree, plainWeights } from '@ingot/tensor';
import type { Policy } from '@ingot/training';
import { separateCritic } from './critic.js';
import type { OnlineRequest } from './run.js';

/** Everything that stands on the device beside the policy. */
export interface Beside {
  readonly reference: LiveModel | undefined;
  readonly critic: LiveModel | undefined;
  readonly parameters: ParameterTree;
  dispose(): void;
}

/** Opens the reference and the critic; the caller disposes of them. Throws what loading throws. */
export async function openBeside(request: OnlineRequest, policy: Policy, family: FamilyValue): Promise<Beside> {
  const { method, options, inputs, services } = request;
  const { device } = services;
  const owned: { dispose(): void }[] = [];
  const dispose = (): void => owned.forEach((one) => one.dispose());
  try {
    let reference =
      options.reference === 'none' ? undefined : options.reference === 'auto' ? policy.reference : undefined;
    if (!reference && options.reference !== 'none') {
      const tree = await loadParameters(device, family, inputs.model);
      owned.push(tree);
      for (const parameter of tree.values()) parameter.trainable = false;
      reference = { device, family, design: inputs.model.design, weights: plainWeights(tree) };
    }
    if (method.critic?.valueHead !== 'separate')
      return { reference, critic: method.critic && policy.still, parameters: policy.parameters, dispose };
    const critic = await separateCritic(device, family, inputs.model);
    owned.push(critic);
    const parameters = ParameterTree.of(device, [...policy.parameters.values(), ...critic.parameters]);
    return { reference, critic: critic.live, parameters, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** What the run holds on the device, role by role: the course page's models, and where two share buffers. */
export const heldTable = (request: OnlineRequest, policy: Policy, rewardModels: number): StageEvent => {
  const { method, options } = request;
  const reference =
    options.reference === 'none'
      ? 'none'
      : policy.reference && options.reference === 'auto'
        ? 'the policy, its adapter off'
        : 'a frozen copy';
  const critic = method.critic
    ? method.critic.valueHead === 'shared'
      ? "a head on the policy's trunk"
      : 'a model of its own'
    : 'none';
  return table('Models held', [
    {
      role: 'policy',
      held: `${policy.counts.all.toLocaleString('en')} numbers, ${policy.counts.trainable.toLocaleString('en')} learn`,
    },
    { role: 'reference', held: reference },
    { role: 'critic', held: critic },
    { role: 'reward', held: rewardModels > 0 ? `${rewardModels} reward model(s)` : 'functions' },
  ]);
};
