// What the truth tests share: the best device of ours that can run here, and its plugins.
import { Device, Evaluator } from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { alignDpo } from '@ingot/align-dpo';
import type { createIngot } from '@ingot/core';
import { referenceDevice, type Device as TensorDevice } from '@ingot/tensor';
import { findAddon, nativeDevice } from '@ingot/tensor-native';
import { training } from '@ingot/training';

/** Native where it is built, else the reference. */
export const bestDevice = (): TensorDevice => (findAddon() ? nativeDevice({ threads: 2 }) : referenceDevice());
export const plugins = [training, alignDpo];
export const servicesOn =
  (device: TensorDevice): Parameters<typeof createIngot>[0]['services'] =>
  (bind) => {
    bind.value(Device, device, { fingerprint: 'fp32' });
    bind.value(Evaluator, fakeEvaluator());
  };
/** What every sampled run is given: one epoch at β 0.5, nothing held out, nothing watched. */
export const sampled = (lr: number) => ({
  beta: 0.5,
  optimiser: { use: 'adamw', lr, weightDecay: 0, beta2: 0.999 },
  batch: 1024,
  epochs: 1,
  clip: null,
  heldOut: 0,
  watch: { samples: 0 },
  logEvery: 100,
});
/** Prints what was reached. */
export const tell =
  (name: string) =>
  (seed: number, kl: number, start: number): void =>
    console.log(`${name}, seed ${seed}: KL ${start.toFixed(3)} -> ${kl.toFixed(4)}`);
