// The schedules as parts, with their documented defaults.
import * as z from 'zod';
import { Schedule } from '@ingot/contracts';
import { constant, cosine, linear, warmupStableDecay } from './schedules.js';

const warm = {
  warmup: z.int().min(0).optional().describe('steps of warm-up; instead of warmupFraction'),
  warmupFraction: z.number().min(0).max(1).default(0.02).describe('part of all steps that warms up'),
};
const floor = (value: number) =>
  z.number().min(0).max(1).default(value).describe('part of the learning rate that is left at the end');

/** `{ use: 'constant' }` */
export const constantPart = Schedule.part({
  name: 'constant',
  version: 1,
  options: z.strictObject({ ...warm, warmupFraction: warm.warmupFraction.unwrap().default(0) }),
  make: constant,
});
/** `{ use: 'linear' }` */
export const linearPart = Schedule.part({
  name: 'linear',
  version: 1,
  options: z.strictObject({ ...warm, floor: floor(0) }),
  make: linear,
});
/** `{ use: 'cosine' }`: nanoGPT's, down to a tenth. */
export const cosinePart = Schedule.part({
  name: 'cosine',
  version: 1,
  options: z.strictObject({ ...warm, floor: floor(0.1) }),
  make: cosine,
});
/** `{ use: 'warmup-stable-decay' }`: nanochat's. */
export const warmupStableDecayPart = Schedule.part({
  name: 'warmup-stable-decay',
  version: 1,
  options: z.strictObject({
    ...warm,
    decay: z.number().min(0).max(1).default(0.65).describe('part of all steps, at the end, that falls'),
    floor: floor(0.05),
  }),
  make: warmupStableDecay,
});
