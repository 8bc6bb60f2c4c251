// One or two fake parts of every part role; each does something plain and checkable.
import { logSigmoid, neg, sub, sum } from '@ingot/tensor';
import * as z from 'zod';
import { DeviceCandidate, Optimiser, PreferenceLoss, Reward, Sampler, Schedule } from '../parts.js';
import { referenceDevice } from '@ingot/tensor';
import { Rail } from '../rails.js';
import { Clock } from '../tokens.js';

/** Divides logits by `value`. */
export const temperature = Sampler.part({
  name: 'temperature',
  version: 1,
  options: z.strictObject({ value: z.number().positive().default(1) }),
  make:
    ({ value }) =>
    (logits) =>
      logits.map((logit) => logit / value),
});
/** Keeps every token; it has the option of the real one. */
export const topP = Sampler.part({
  name: 'top-p',
  version: 1,
  options: z.strictObject({ p: z.number().positive().max(1).default(0.9) }),
  make: () => (logits) => logits,
});

/** A multiplier of 1. */
export const constant = Schedule.part({
  name: 'constant',
  version: 1,
  options: z.strictObject({}),
  make: () => () => 1,
});
/** Half a cosine from 1 to `floor`. */
export const cosine = Schedule.part({
  name: 'cosine',
  version: 1,
  options: z.strictObject({ floor: z.number().min(0).max(1), warmup: z.int().nonnegative().default(0) }),
  make:
    ({ floor }) =>
    (step, steps) =>
      floor + ((1 - floor) * (1 + Math.cos((Math.PI * step) / steps))) / 2,
});

/** Takes steps and changes nothing. */
export const adamw = Optimiser.part({
  name: 'adamw',
  version: 1,
  options: z.strictObject({ lr: z.number().positive().default(1e-3), decay: z.number().nonnegative().default(0.1) }),
  make: ({ lr }) => ({
    start: () => {
      let steps = 0;
      return {
        lr,
        state: {},
        get steps() {
          return steps;
        },
        set steps(value) {
          steps = value;
        },
        step: () => void steps++,
        load: () => undefined,
        dispose: () => undefined,
      };
    },
  }),
});

/** −log σ(chosen − rejected), summed. */
export const sigmoid = PreferenceLoss.part({
  name: 'sigmoid',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    reference: false,
    loss: ({ chosen, rejected }) => ({
      sum: neg(sum(logSigmoid(sub(chosen.policy, rejected.policy)))),
      weight: chosen.policy.size,
      stats: {},
    }),
  }),
});

/** Minus the length of the text. */
export const brevity = Reward.part({
  name: 'brevity',
  version: 1,
  options: z.strictObject({}),
  make:
    () =>
    ({ text }) =>
      -text.length,
});
/** A reward that needs a service: the time. */
export const punctuality = Reward.part({
  name: 'punctuality',
  version: 1,
  options: z.strictObject({ weight: z.number().default(1) }),
  needs: { clock: Clock },
  make:
    ({ weight }, { clock }) =>
    () =>
      -weight * clock.now(),
});

/** Redacts every exclamation mark: one character, so that nothing is ever held back. */
export const calm = Rail.part({
  name: 'calm',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'calm',
    sides: ['input', 'output'],
    inspect: ({ text, from }) => ({
      verdicts: [...text.slice(from).matchAll(/!/g)].map(({ index }) => ({
        decision: 'redact' as const,
        category: 'shouting',
        score: 1,
        span: [from + index, from + index + 1] as const,
      })),
      settled: text.length,
    }),
  }),
});

/** A device that always runs; `preference` is high, so that it is what 'auto' takes. */
export const fakeCandidate = DeviceCandidate.part({
  name: 'fake',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'fake',
    preference: 1000,
    refusal: async () => undefined,
    open: async () => ({ ...referenceDevice(), name: 'fake' }),
  }),
});
