// Methods on sampled pairs of the tiny world, against the optimum that each declares. 300,000 pairs are few for 4,096 answers: what is left is their noise.
import { dpoOptimum, dpoStage, ipoOptimum, ipoStage } from '@ingot/align-dpo';
import { truthSuite } from '@ingot/testing';
import { bestDevice, plugins, sampled, servicesOn, tell } from './worlds.js';

const device = bestDevice();
const common = { plugins, services: servicesOn(device), pairs: 300_000, seeds: [1], how: sampled(0.1) };

truthSuite('dpo', {
  ...common,
  stage: dpoStage,
  optimum: (world) => dpoOptimum(world, 0.5),
  within: 0.36,
  tell: tell('dpo'),
});
truthSuite('ipo', {
  ...common,
  stage: ipoStage,
  optimum: (world) => ipoOptimum(world, 0.5, 5),
  within: 0.15,
  tell: tell('ipo'),
});
