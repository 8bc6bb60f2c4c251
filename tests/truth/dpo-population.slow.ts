// DPO's function on the population: its minimum is π_ref · exp(r / β) / Z, and its implicit reward the planted one (Rafailov et al. 2023, section 4).
import { sigmoid } from '@ingot/align-dpo';
import { closedForm, correlation, divergence, populationOptimum, tinyWorld } from '@ingot/testing';
import { expect, test } from 'vitest';
import { bestDevice } from './worlds.js';

const beta = 0.5;
test.each([1, 2, 3])('seed %i: within KL 0.02 of the closed form, correlation over 0.99', async (seed) => {
  const device = bestDevice();
  try {
    const world = tinyWorld(seed);
    const optimum = closedForm(world, beta);
    const reached = await populationOptimum({ device, world, loss: (batch) => sigmoid(batch, { beta }), steps: 160 });
    const [before, after] = [divergence(world.logReference, optimum), divergence(reached, optimum)];
    const implicit = reached.map((log, i) => beta * (log - world.logReference[i]!));
    const agreement = correlation(implicit, world.reward);
    console.log(`seed ${seed}: KL ${before.toFixed(3)} -> ${after.toFixed(4)}, correlation ${agreement.toFixed(5)}`);
    expect(before).toBeGreaterThan(1);
    expect(after).toBeLessThanOrEqual(0.02);
    expect(agreement).toBeGreaterThan(0.99);
  } finally {
    device.dispose();
  }
});
