// Every loss on 100 random batches against TRL 1.16's own trainers, or independent PyTorch where TRL has none (bench/peers/trl_losses.py):
// losses to 1e-5 of max(1, |x|), gradients of three batches to 1e-4 of their largest entry. Both sides compute in fp32.
import { readFileSync } from 'node:fs';
import type { BatchStatistics, LossParts } from '@ingot/contracts';
import { backward, referenceDevice, scope } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { drawBatch, generator } from './drawn.fixture.js';
import { losses, type LossDefinition, type LossName } from './index.js';

const golden = JSON.parse(readFileSync(new URL('./fixtures/trl-losses.json', import.meta.url), 'utf8')) as {
  readonly seed: number;
  readonly batches: number;
  readonly rows: number;
  readonly tokens: number;
  readonly betas: readonly number[];
  readonly cases: Readonly<
    Record<string, { readonly losses: readonly number[]; readonly gradients: readonly (readonly number[])[] }>
  >;
};

/** The options beside β of each case. */
const cases: Readonly<Record<string, readonly [LossName, object]>> = {
  sigmoid: ['sigmoid', {}],
  'sigmoid forward-kl': ['sigmoid', { divergence: 'forward-kl' }],
  'sigmoid js': ['sigmoid', { divergence: 'js' }],
  'sigmoid alpha 0.5': ['sigmoid', { divergence: 'alpha' }],
  'sigmoid alpha 1': ['sigmoid', { divergence: 'alpha', divergenceAlpha: 1 }],
  'sigmoid ld 0.5': ['sigmoid', { ldAlpha: 0.5 }],
  'sigmoid ld 0': ['sigmoid', { ldAlpha: 0 }],
  hinge: ['hinge', {}],
  ipo: ['ipo', {}],
  'ipo js ld 0.3': ['ipo', { divergence: 'js', ldAlpha: 0.3 }],
  exo: ['exo', {}],
  nca: ['nca', {}],
  robust: ['robust', {}],
  'bco-pair': ['bco-pair', {}],
  sppo: ['sppo', {}],
  aot: ['aot', {}],
  'aot smoothed': ['aot', { labelSmoothing: 0.1 }],
  'aot-unpaired': ['aot-unpaired', {}],
  'apo-zero': ['apo-zero', {}],
  'apo-down': ['apo-down', {}],
  discopop: ['discopop', {}],
  sft: ['sft', {}],
  rpo: ['rpo', { sftWeight: 0.7 }],
  'sigmoid-norm': ['sigmoid-norm', {}],
  'sigmoid-norm forward-kl': ['sigmoid-norm', { divergence: 'forward-kl' }],
  kto: ['kto', {}],
  'kto weighted': ['kto', { desirableWeight: 1.33, undesirableWeight: 0.8 }],
  cpo: ['cpo', {}],
  'cpo smoothed': ['cpo', { labelSmoothing: 0.1 }],
  simpo: ['simpo', {}],
  orpo: ['orpo', {}],
  cdpo: ['cdpo', {}],
  bco: ['bco', {}],
};
/** What TRL calls β, where a loss has it, by the name that the loss gives it. */
const betaOf = (name: LossName, value: number): object =>
  name === 'sft' ? {} : name === 'orpo' ? { lambda: value } : { beta: value };

const difference = (got: number, wanted: number): number => Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));

const below = generator(golden.seed);
const batches = Array.from({ length: golden.batches }, () => drawBatch(referenceDevice(), below, golden));

test('every case of the reference is met, and every loss has a case', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(golden.cases).sort());
  expect(new Set(Object.values(cases).map(([name]) => name))).toEqual(new Set(Object.keys(losses)));
});

test.each(Object.entries(cases))('%s', (title, [name, options]) => {
  const wanted = golden.cases[title] ?? { losses: [], gradients: [] };
  const loss: LossDefinition = losses[name];
  let statistics: BatchStatistics | undefined;
  let [worst, worstGradient] = [0, 0];
  expect(wanted.losses).toHaveLength(golden.batches);
  wanted.losses.forEach((value, index) =>
    scope(() => {
      const batch = batches[index] as (typeof batches)[number];
      const given = { ...betaOf(name, golden.betas[index % golden.betas.length] ?? NaN), ...options };
      statistics = loss.statistics?.(batch, given, statistics);
      const made: LossParts = loss.loss(batch, given, statistics);
      worst = Math.max(worst, difference(made.sum.item() / made.weight, value));
      const gradients = wanted.gradients[index];
      if (gradients) backward(made.sum, 1 / made.weight);
      const none = new Float32Array(golden.rows);
      const got = [batch.chosen, batch.rejected].flatMap(({ policy }) => [...(policy.gradient?.read() ?? none)]);
      const scale = Math.max(...(gradients ?? []).map(Math.abs));
      gradients?.forEach((slope, row) => {
        worstGradient = Math.max(worstGradient, Math.abs((got[row] ?? NaN) - slope) / scale);
      });
      for (const { policy } of [batch.chosen, batch.rejected]) policy.gradient = undefined;
    }),
  );
  expect(worst).toBeLessThan(1e-5);
  expect(worstGradient).toBeLessThan(1e-4);
});
