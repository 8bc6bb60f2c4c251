// Gradients of every loss by finite differences on the reference device; exact sums over micro-batches and weights; what is refused.
import { backward, Parameter, referenceDevice, scope, tensor, type Tensor } from '@ingot/tensor';
import { checkGradients } from '@ingot/testing';
import { describe, expect, test } from 'vitest';
import {
  entropyOf,
  klTerm,
  pairLoss,
  policyLoss,
  policyLosses,
  valueLoss,
  type AnswerBatch,
  type PolicyLossName,
  type PolicyLossOptions,
} from './index.js';

const device = referenceDevice();
// Ratios away from 1 ± 0.2, so that the stencil stays on one side of the clip.
const start = Float32Array.of(-1, -1.5, -0.5, -2, -1, -3);
const batch = {
  lengths: [2, 3, 1],
  old: [-1.05, -1, -0.55, -1.5, -1.1, -3.5],
  reference: [-1.2, -1.4, -0.9, -1.8, -1.3, -2.6],
  advantages: [1, -0.5, 0.75],
};
const names = Object.keys(policyLosses) as PolicyLossName[];
/** Held still in the loss, so no finite difference shows it. */
const held = new Set<PolicyLossName>(['cispo', 'vespo']);

describe('finite differences', () => {
  test.each(names.filter((name) => !held.has(name)))('%s', (name) =>
    checkGradients(
      (policy) => policyLoss({ ...batch, policy }, policyLosses[name], { beta: 0.3, maxTokens: 5 }).sum,
      [{ shape: [6], data: start }],
      { device, tolerance: 1e-4 },
    ),
  );
  test('k2 in the loss, weights, advantages of tokens', () =>
    checkGradients(
      (policy) =>
        policyLoss(
          { ...batch, policy, weights: [0.5, 2, 1], advantages: [1, -1, 0.5, 0.25, -2, 1] },
          policyLosses.ppo,
          { beta: 0.3, klEstimator: 'k2' },
        ).sum,
      [{ shape: [6], data: start }],
      { device, tolerance: 1e-4 },
    ));
  test.each(['k1', 'k2', 'k3'] as const)('%s', (estimator) =>
    checkGradients((x) => klTerm(x, tensor(device, batch.reference, [6]), estimator), [{ shape: [6], data: start }], {
      device,
      tolerance: 1e-4,
    }),
  );
  test('value loss, pair losses, entropy', () => {
    const value = { old: [0, 0, 0, 0, 0, 0], returns: [1, 1, -1, -1, 2, 2], lengths: batch.lengths };
    const values = Float32Array.of(0.5, 0.1, -0.5, 0.1, -0.4, 0.05);
    for (const range of [0.2, undefined])
      checkGradients(
        (x) => valueLoss({ ...value, values: x, weights: [1, 0.5, 2] }, range).sum,
        [{ shape: [6], data: values }],
        {
          device,
          tolerance: 1e-4,
        },
      );
    for (const form of ['sigmoid', 'ipo'] as const)
      checkGradients(
        (first, second) =>
          pairLoss(
            { first, second, reference: { first: [-3, -2], second: [-2, -2.5] }, better: [1, 0.3], weights: [1, 3] },
            form,
            0.4,
          ).sum,
        [
          { shape: [2], data: Float32Array.of(-2, -3) },
          { shape: [2], data: Float32Array.of(-2.5, -1) },
        ],
        { device, tolerance: 1e-4 },
      );
    checkGradients((logits) => entropyOf(logits), [{ shape: [3, 5] }], { device, tolerance: 1e-4 });
  });
});

const gradient = (of: (policy: Tensor) => Tensor, numbers: Float32Array): number[] =>
  scope(() => {
    const policy = new Parameter(device, 'policy', [numbers.length]);
    policy.load(numbers);
    backward(of(policy));
    const found = Array.from(policy.gradient!.read());
    policy.dispose();
    return found;
  });

test('at the policy that sampled them, every ratio loss has the gradient of REINFORCE', () => {
  const own: Omit<AnswerBatch, 'policy'> = { lengths: [2, 3, 1], advantages: batch.advantages };
  const of = (name: PolicyLossName, options: PolicyLossOptions = {}) =>
    gradient((policy) => policyLoss({ ...own, policy }, policyLosses[name], options).sum, start);
  const plain = of('reinforce');
  for (const name of ['ppo', 'bnpo', 'dapo', 'cispo', 'vespo', 'rloo'] as const)
    of(name).forEach((slope, t) => expect(slope).toBeCloseTo(plain[t]!, 6));
  const lengths = [2, 2, 3, 3, 3, 1];
  for (const name of ['grpo', 'gspo'] as const)
    of(name).forEach((slope, t) => expect(slope).toBeCloseTo(plain[t]! / lengths[t]!, 6));
});

test.each(names)('%s: micro-batches add up, and a weight of 2 is the answer twice', (name) => {
  const loss = (policy: Tensor, some: Omit<AnswerBatch, 'policy'>) =>
    policyLoss({ ...some, policy }, policyLosses[name], { beta: 0.3, maxTokens: 5 });
  const cut = (first: number, end: number, from: number, to: number): Omit<AnswerBatch, 'policy'> => ({
    lengths: batch.lengths.slice(from, to),
    old: batch.old.slice(first, end),
    reference: batch.reference.slice(first, end),
    advantages: batch.advantages.slice(from, to),
  });
  scope(() => {
    const of = (some: Omit<AnswerBatch, 'policy'>, numbers: ArrayLike<number>) => {
      const made = loss(tensor(device, Float32Array.from(numbers), [numbers.length]), some);
      return [made.sum.item(), made.weight] as const;
    };
    const [sum, weight] = of(batch, start);
    const [a, b] = [of(cut(0, 2, 0, 1), start.slice(0, 2)), of(cut(2, 6, 1, 3), start.slice(2))];
    expect(a[0] + b[0]).toBeCloseTo(sum, 5);
    expect(a[1] + b[1]).toBeCloseTo(weight, 10);
    const twice = of({ ...cut(0, 2, 0, 1), weights: [2] }, start.slice(0, 2));
    expect(twice[0]).toBeCloseTo(2 * a[0], 5);
    expect(twice[1]).toBe(2 * a[1]);
  });
});

test('what does not fit is refused', () => {
  scope(() => {
    const policy = tensor(device, start, [6]);
    const of =
      (more: object, options: PolicyLossOptions = {}, name: PolicyLossName = 'grpo') =>
      () =>
        policyLoss({ ...batch, ...more, policy }, policyLosses[name], options);
    expect(of({ old: [1] })).toThrow("has 1 numbers as 'old'. Wanted 6.");
    expect(of({ advantages: [1, 2] })).toThrow("has 2 numbers as 'advantages'. Wanted 6 or 3.");
    expect(of({ reference: undefined }, { beta: 0.1 })).toThrow("Give 'reference', or beta 0.");
    expect(of({}, {}, 'dr-grpo')).toThrow("wants 'maxTokens'");
  });
});
