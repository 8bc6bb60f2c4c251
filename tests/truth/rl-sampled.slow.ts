// RLOO as a stage on sampled answers of the tiny world: its KL to the closed form falls with the number of samples.
import { alignRlhf, rlooStage } from '@ingot/align-rlhf';
import { Reward } from '@ingot/contracts';
import { definePlugin } from '@ingot/core';
import { closedForm, divergence, LETTERS, tinyWorld, trainInWorld, type TinyWorld } from '@ingot/testing';
import { training } from '@ingot/training';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { bestDevice, servicesOn } from './worlds.js';

const beta = 0.5;
/** What a text that the world does not know is worth. */
const WORST = -5;
const numberOf = (text: string): number =>
  /^[a-h]{4}$/.test(text)
    ? [...text].reduce((number, letter) => number * LETTERS + letter.charCodeAt(0) - 'a'.charCodeAt(0), 0)
    : -1;
const planted = ({ reward }: TinyWorld) =>
  definePlugin({
    name: 'planted',
    parts: [
      Reward.part({
        name: 'planted',
        version: 1,
        options: z.strictObject({}),
        make:
          () =>
          ({ text }) =>
            reward[numberOf(text)] ?? WORST,
      }),
    ],
  });

test('rloo: KL falls with the samples', async () => {
  const device = bestDevice();
  const world = tinyWorld(1);
  const optimum = closedForm(world, beta);
  const kls = [divergence(world.logReference, optimum)];
  for (const steps of [40, 160, 640]) {
    const policy = await trainInWorld(
      {
        stage: rlooStage,
        plugins: [training, alignRlhf, planted(world)],
        services: servicesOn(device),
        pairs: 1,
        how: {
          beta,
          steps,
          batch: 1,
          generations: 256,
          tokens: 5,
          answersAtOnce: 256,
          rewards: [{ use: 'planted' }],
          optimiser: { use: 'adamw', lr: 0.1, weightDecay: 0, beta2: 0.99 },
          clip: null,
          heldOut: 0,
          watch: { samples: 0 },
          tripwires: { action: 'off' },
          logEvery: 100,
        },
      },
      world,
      1,
    );
    kls.push(divergence(policy, optimum));
    console.log(`rloo, ${(steps * 256).toLocaleString('en')} samples: KL ${kls.at(-1)!.toFixed(4)}`);
  }
  device.dispose();
  kls.slice(1).forEach((kl, i) => expect(kl).toBeLessThan(kls[i]!));
  expect(kls.at(-1)!).toBeLessThan(0.05);
});
