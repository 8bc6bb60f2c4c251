// Gradients of every loss by finite differences on the reference device, and that none flows into the reference model.
// 1e-4 of max(1, the largest entry): the outputs are fp32 and the stencil's step is 0.05.
import { backward, Parameter, referenceDevice, tensor } from '@ingot/tensor';
import { checkGradients } from '@ingot/testing';
import { expect, test } from 'vitest';
import type { Completions } from '@ingot/contracts';
import { divergences, losses, type LossDefinition, type LossName } from './index.js';

const device = referenceDevice();
const numbers = (...x: number[]) => tensor(device, x, [x.length]);
// No two log-ratios or margins are nearer than the stencil is wide, with tails of weight 1 or 0.3: AOT's ranks stay.
const start = { chosen: Float32Array.of(-10, -7.5, -4, -6.25), rejected: Float32Array.of(-12, -6.5, -5, -3) };
const fixed = {
  chosen: {
    reference: numbers(-11, -8, -4.75, -5),
    lengths: [5, 3, 2, 4],
    tail: { policy: numbers(0, -1, 0, -2), reference: numbers(0, -2, 0, -1.5) },
  },
  rejected: {
    reference: numbers(-11.5, -7.25, -4, -3.5),
    lengths: [8, 2, 3, 2],
    tail: { policy: numbers(-3, 0, -1, 0), reference: numbers(-2, 0, -1.25, 0) },
  },
};
const mismatched: Completions = { policy: numbers(-5, -6), reference: numbers(-6, -6.5), lengths: [3, 3] };
/** δ follows the rewards but passes no gradient: it is held. */
const held: Partial<Record<LossName, object>> = { bco: { delta: 0.02, count: 8 } };

const withOption = (option: string): LossName[] =>
  (Object.keys(losses) as LossName[]).filter((name) => option in losses[name].options.shape);
const variants: readonly (readonly [LossName, Record<string, unknown>])[] = [
  ...(Object.keys(losses) as LossName[]).map((name) => [name, {}] as const),
  // Every divergence and every weight of tails, of each loss that takes them.
  ...withOption('divergence').flatMap((name) => [
    ...divergences.map((divergence) => [name, { divergence }] as const),
    [name, { divergence: 'alpha', divergenceAlpha: 2 }] as const,
  ]),
  ...withOption('ldAlpha').map((name) => [name, { ldAlpha: 0.3 }] as const),
  ['rpo', { divergence: 'js', ldAlpha: 0.5, average: 'sequences' }],
  ['aot', { labelSmoothing: 0.2, beta: 0.5 }],
  ['aot-unpaired', { labelSmoothing: 0.2, beta: 0.5 }],
  ['simpo', { beta: 2, labelSmoothing: 0.1 }],
  ['kto', { desirableWeight: 1.33, undesirableWeight: 0.5, beta: 0.5 }],
];
test.each(variants)('%s %j', (name, options) => {
  const loss: LossDefinition = losses[name];
  const run = (chosen: Completions['policy'], rejected: Completions['policy']) =>
    loss.loss(
      { chosen: { policy: chosen, ...fixed.chosen }, rejected: { policy: rejected, ...fixed.rejected }, mismatched },
      options,
      held[name] as never,
    ).sum;
  const inputs = [
    { shape: [4], data: start.chosen },
    { shape: [4], data: start.rejected },
  ];
  expect(() => checkGradients(run, inputs, { device, tolerance: 1e-4, step: 0.05 })).not.toThrow();
});

test.each(Object.values(losses))('$name: no gradient into the reference', (definition: LossDefinition) => {
  const parameter = (data: Float32Array) => {
    const made = new Parameter(device, 'x', [data.length]);
    made.load(data);
    return made;
  };
  const [policy, reference, other] = [start.chosen, start.rejected, start.chosen].map(parameter) as [
    Parameter,
    Parameter,
    Parameter,
  ];
  const side = { policy, reference, lengths: [5, 3, 2, 4] };
  const batch = { chosen: side, rejected: { ...side, policy: other }, mismatched };
  backward(definition.loss(batch).sum);
  expect(policy.gradient).toBeDefined();
  expect(reference.gradient).toBeUndefined();
});
