// Fake architectures and training stages: models of fixed numbers, made without arithmetic.
import { defineStage, list, metric, one, warning } from '@ingot/core';
import * as z from 'zod';
import { ChatModel, Design, Examples, Model, Pairs, RewardModel, Tokens } from '../kinds.js';
import { Optimiser, Reward, Schedule } from '../parts.js';
import { Architecture } from '../roles.js';
import { Device } from '../tokens.js';
import type { DesignValue, ModelValue } from '../values.js';
import { fakeFamily } from './family.js';
import { fakeDesign, fakeModel } from './values.js';

/** The model that the design asks for, with numbers around `scale`. */
export const modelOfDesign = (design: DesignValue, scale = 0.02): ModelValue =>
  fakeModel(design, Object.fromEntries(fakeFamily.parameters(design).map(({ name, shape }) => [name, shape])), scale);

/** A design of the family `fake`, as wide as it is deep. */
export const gpt = Architecture.stage({
  name: 'gpt',
  version: 1,
  options: z.strictObject({ depth: z.int().min(1).default(4) }),
  async *run({ inputs, options }) {
    return { design: fakeDesign(inputs.tokenizer, options.depth) };
  },
});
/** Another player of the role, with an option of its own. */
export const llama = Architecture.stage({
  name: 'llama',
  version: 1,
  options: z.strictObject({ depth: z.int().min(1).default(4), kvHeads: z.int().default(2) }),
  async *run({ inputs, options }) {
    return { design: fakeDesign(inputs.tokenizer, options.depth) };
  },
});

/** Yields a falling loss, saves a checkpoint each step, and gives fixed numbers. */
export const pretrain = defineStage({
  name: 'pretrain',
  version: 1,
  inputs: { design: Design, tokens: Tokens },
  outputs: { model: Model },
  needs: { device: Device },
  draws: true,
  computes: true,
  options: z.strictObject({
    steps: z.int().positive().default(3),
    optimiser: one(Optimiser).prefault({ use: 'adamw' }),
    schedule: one(Schedule).prefault({ use: 'constant' }),
  }),
  view: z.strictObject({ logEvery: z.int().positive().default(1), title: z.string().optional() }),
  async *run({ inputs, options, view, signal, checkpoint }) {
    const saved = await checkpoint.load();
    for (let step = 1 + Number(saved?.meta ?? 0); step <= options.steps; step++) {
      signal.throwIfAborted();
      if (step % view.logEvery === 0) yield metric(step, { loss: 5 / step }, options.steps);
      await checkpoint.save(step);
    }
    return { model: modelOfDesign(inputs.design) };
  },
});
/** The same model, which now chats. */
export const sft = defineStage({
  name: 'sft',
  version: 1,
  inputs: { model: Model, examples: Examples },
  outputs: { model: ChatModel },
  options: z.strictObject({ epochs: z.int().positive().default(1) }),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});
/** A reward model with a head of zeros' pattern. */
export const rewardModel = defineStage({
  name: 'reward-model',
  version: 1,
  inputs: { model: ChatModel, feedback: Pairs },
  outputs: { reward: RewardModel },
  options: z.strictObject({ rewards: list(Reward).prefault([]) }),
  async *run({ inputs }) {
    const { design } = inputs.model;
    return { reward: fakeModel(design, { 'reward.weight': [1, 4] }) };
  },
});
/** Somebody says that this model chats; the reason is kept in the lineage. */
export const assumeChat = defineStage({
  name: 'assume-chat',
  version: 1,
  inputs: { model: Model },
  outputs: { model: ChatModel },
  options: z.strictObject({ because: z.string().min(1) }),
  async *run({ inputs, options }) {
    yield warning(`Assumed to be a chat model: ${options.because}`);
    return inputs;
  },
});
