// The fakes as plugins, named as the real ones are split: a pipeline of the README type-checks and runs on them alone.
import { definePlugin } from '@ingot/core';
import { referenceDevice } from '@ingot/tensor';
import { Clock, Device, Evaluator } from '../tokens.js';
import { assumeAligned, dpo, gptq, grpo, int8, kto, ppo, simpo } from './align-stages.js';
import { bpe, examples, pack, preferences, prompts, text } from './data-stages.js';
import { fakeFamilyPart } from './family.js';
import { assumeChat, gpt, llama, pretrain, rewardModel, sft } from './model-stages.js';
import { adamw, brevity, calm, constant, cosine, punctuality, sigmoid, temperature, topP } from './parts.js';
import { fakeClock, fakeEvaluator } from './services.js';
import { evaluate, generate, serve } from './use-stages.js';

export const data = definePlugin({
  name: '@ingot/fake-data',
  version: '1.0.0',
  stages: [text, bpe, pack, examples, preferences, prompts],
});
export const models = definePlugin({ name: '@ingot/fake-models', stages: [gpt, llama], parts: [fakeFamilyPart] });
export const training = definePlugin({ name: '@ingot/fake-training', parts: [adamw, constant, cosine] });
export const supervised = definePlugin({
  name: '@ingot/fake-supervised',
  stages: [pretrain, sft, rewardModel, assumeChat],
});
export const align = definePlugin({
  name: '@ingot/fake-align',
  stages: [dpo, simpo, kto, grpo, ppo, assumeAligned],
  parts: [sigmoid, brevity, punctuality],
});
export const quant = definePlugin({ name: '@ingot/fake-quant', stages: [int8, gptq] });
export const sampling = definePlugin({
  name: '@ingot/fake-sampling',
  stages: [generate, serve],
  parts: [temperature, topP, calm],
});
export const evaluation = definePlugin({
  name: '@ingot/fake-eval',
  stages: [evaluate],
  services: (bind) => bind.factory(Evaluator, {}, fakeEvaluator),
});
/** Device and clock. */
export const services = definePlugin({
  name: '@ingot/fake-services',
  services: (bind) => {
    bind.factory(Device, {}, referenceDevice, { fingerprint: 'fp32', dispose: (device) => device.dispose() });
    bind.value(Clock, fakeClock());
  },
});
/** All of them. */
export const fakePlugins = [services, data, models, training, supervised, align, quant, sampling, evaluation] as const;
