// Fake alignment algorithms and quantisers: each player of a role with options and ports of its own.
import { defineStage, list, one, optional, warning } from '@ingot/core';
import * as z from 'zod';
import { AlignedModel, ChatModel, Labels, Prompts, RewardModel } from '../kinds.js';
import { PreferenceLoss, Reward } from '../parts.js';
import { Align, Quantise } from '../roles.js';

/** Pairs, with a loss part. */
export const dpo = Align.stage({
  name: 'dpo',
  version: 1,
  options: z.strictObject({
    beta: z.number().positive().default(0.1),
    loss: one(PreferenceLoss).prefault({ use: 'sigmoid' }),
  }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** Pairs, with options of its own. */
export const simpo = Align.stage({
  name: 'simpo',
  version: 1,
  options: z.strictObject({ gamma: z.number().default(0.5) }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** Labels are enough. */
export const kto = Align.stage({
  name: 'kto',
  version: 1,
  ports: { feedback: Labels },
  options: z.strictObject({ lossAversion: z.number().default(1) }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** Prompts are enough. */
export const grpo = Align.stage({
  name: 'grpo',
  version: 1,
  ports: { feedback: Prompts },
  options: z.strictObject({
    group: z.int().positive().default(8),
    rewards: list(Reward).prefault([{ use: 'brevity' }]),
  }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** Pairs, with one optional port more than its role. */
export const ppo = Align.stage({
  name: 'ppo',
  version: 1,
  ports: { critic: optional(RewardModel) },
  options: z.strictObject({
    klCoefficient: z.number().default(0.05),
    rewards: list(Reward).prefault([{ use: 'brevity' }]),
  }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** Somebody says that this model is aligned; the reason is kept in the lineage. */
export const assumeAligned = defineStage({
  name: 'assume-aligned',
  version: 1,
  inputs: { model: ChatModel },
  outputs: { model: AlignedModel },
  options: z.strictObject({ because: z.string().min(1) }),
  async *run({ inputs, options }) {
    yield warning(`Assumed to be aligned: ${options.because}`);
    return inputs;
  },
});

/** Rounds every weight to 127 levels of its tensor's largest. */
export const int8 = Quantise.stage({
  name: 'int8',
  version: 1,
  options: z.strictObject({}),
  async *run({ inputs: { model } }) {
    const rounded = async (name: string) => {
      const weights = await model.read(name);
      const scale = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127 || 1;
      return weights.map((weight) => Math.round(weight / scale) * scale);
    };
    return { model: { ...model, read: rounded } };
  },
});
/** The model as it is, with the option of the real one. */
export const gptq = Quantise.stage({
  name: 'gptq',
  version: 1,
  options: z.strictObject({ bits: z.union([z.literal(4), z.literal(8)]).default(4) }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
