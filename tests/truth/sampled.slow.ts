// Methods on sampled pairs of the tiny world, against the optimum that each declares. 300,000 pairs are few for 4,096 answers: the distance left is their noise.
import { dpoStage, ipoStage } from '@ingot/align-dpo';
import { normalised, truthSuite, type TinyWorld } from '@ingot/testing';
import { bestDevice, plugins, sampled, servicesOn } from './worlds.js';

const device = bestDevice();
const tell = (name: string) => (seed: number, kl: number, start: number) =>
  console.log(`${name}, seed ${seed}: KL ${start.toFixed(3)} -> ${kl.toFixed(4)}`);
const common = { plugins, services: servicesOn(device), pairs: 300_000, seeds: [1] };

truthSuite('dpo', {
  ...common,
  stage: dpoStage,
  how: { ...sampled, beta: 0.5, optimiser: { use: 'adamw', lr: 0.1, weightDecay: 0, beta2: 0.999 } },
  within: 0.4,
  tell: tell('dpo'),
});

/** IPO on π_ref's own pairs: log π / π_ref a token is E_j[2 p(i ≻ j) − 1] / (2 β) (Azar et al. 2023, equation 17; five tokens with the end). */
const ipoOptimum = ({ logReference, reward }: TinyWorld): Float64Array =>
  normalised(
    logReference.map((log, i) => {
      let wins = 0;
      for (let j = 0; j < reward.length; j++)
        wins += Math.exp(logReference[j]!) * Math.tanh((reward[i]! - reward[j]!) / 2);
      return log + (5 * wins) / (2 * 0.5);
    }),
  );
truthSuite('ipo', {
  ...common,
  stage: ipoStage,
  how: { ...sampled, beta: 0.5, optimiser: { use: 'adamw', lr: 0.1, weightDecay: 0, beta2: 0.999 } },
  optimum: ipoOptimum,
  within: 0.5,
  tell: tell('ipo'),
});
