// Three million sampled pairs, seen twice: DPO ends within KL 0.04 of the closed form; methods without one within 0.1 of what minimises their loss over the whole population.
import {
  cpo,
  cpoStage,
  dpoOptimum,
  dpoStage,
  ipoOptimum,
  ipoStage,
  orpo,
  orpoStage,
  simpo,
  simpoStage,
} from '@ingot/align-dpo';
import type { PreferenceBatch } from '@ingot/contracts';
import { divergence, populationOptimum, tinyWorld, trainInWorld, truthSuite } from '@ingot/testing';
import { expect, test } from 'vitest';
import { bestDevice, plugins, sampled, servicesOn, tell } from './worlds.js';

const device = bestDevice();
const common = { plugins, services: servicesOn(device), pairs: 3_000_000 };

truthSuite('dpo', {
  ...common,
  stage: dpoStage,
  how: { ...sampled(0.1), epochs: 2 },
  optimum: (world) => dpoOptimum(world, 0.5),
  within: 0.04,
  tell: tell('dpo'),
});
truthSuite('ipo', {
  ...common,
  stage: ipoStage,
  how: { ...sampled(0.1), epochs: 2 },
  optimum: (world) => ipoOptimum(world, 0.5, 5),
  within: 0.04,
  tell: tell('ipo'),
});

/** Methods whose optimum has no closed form, each with its loss as it stands in the stage. */
const numeric = {
  simpo: { stage: simpoStage, loss: (batch: PreferenceBatch) => simpo(batch, { beta: 0.5 }) },
  cpo: { stage: cpoStage, loss: (batch: PreferenceBatch) => cpo(batch, { beta: 0.5, average: 'sequences' }) },
  orpo: { stage: orpoStage, loss: (batch: PreferenceBatch) => orpo(batch, { average: 'sequences' }) },
} as const;

test.each(Object.entries(numeric))(
  '%s: near what minimises its loss over every pair',
  async (name, { stage, loss }) => {
    const world = tinyWorld(1);
    const optimum = await populationOptimum({ device, world, loss });
    const { beta: _, ...rest } = { ...sampled(0.1), epochs: 2 };
    const how =
      name === 'simpo'
        ? { ...rest, beta: 0.5 }
        : name === 'cpo'
          ? { ...rest, beta: 0.5, average: 'sequences' }
          : { ...rest, average: 'sequences' };
    const reached = await trainInWorld({ ...common, stage, how }, world, 1);
    const kl = divergence(reached, optimum);
    tell(name)(1, kl, divergence(world.logReference, optimum));
    expect(kl).toBeLessThanOrEqual(0.1);
  },
);
