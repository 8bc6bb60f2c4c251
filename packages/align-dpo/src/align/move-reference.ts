// TR-DPO: a reference that follows the policy. Gorbatovski et al. 2024, Learn Your Reference Model (arXiv:2404.09656), soft update, equation 7.
import { IngotError } from '@ingot/core';
import { noGrad, type ParameterTree } from '@ingot/tensor';
import type { Policy } from '@ingot/training';

/** After every `every` steps: π_ref ← α·π + (1 − α)·π_ref, on the host, parameter by parameter. Throws `bad-options` with an adapter, whose base never moves. */
export function moveReference(
  policy: Policy,
  reference: ParameterTree,
  { every, alpha }: { readonly every: number; readonly alpha: number },
): (step: number) => void {
  if (policy.reference)
    throw new IngotError(
      'bad-options',
      'referenceSync moves a copy of all weights, and an adapter leaves them as they are. Train without an adapter.',
    );
  return (step) => {
    if (step % every !== 0) return;
    noGrad(() => {
      for (const parameter of policy.parameters.values()) {
        const own = reference.get(parameter.name);
        const before = own.read() as Float32Array;
        const now = parameter.read() as Float32Array;
        own.load(before.map((x, i) => alpha * (now[i] ?? 0) + (1 - alpha) * x));
      }
    });
  };
}
