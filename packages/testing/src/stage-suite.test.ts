// The fake stages keep their contracts; stages that draw unseen, swallow a cancel, lose their output or leave something behind are found.
import { align, dpo, fakePlugins, gptq, int8, kto, quant, services, simpo } from '@ingot/contracts/fakes';
import { Align, Quantise } from '@ingot/contracts';
import { definePlugin, defineStage, kind, metric, type AnyStage, type Json } from '@ingot/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  alignmentChecks,
  alignmentSuite,
  failingChecks,
  quantiserChecks,
  quantiserSuite,
  stageChecks,
  stageSuite,
  type RecipeData,
} from './index.js';

const recipe: RecipeData = {
  name: 'suite',
  stages: {
    text: { use: 'text', how: { path: 'a' } },
    tokenizer: { use: 'bpe', from: { text: 'text.text' } },
    tokens: { use: 'pack', from: { text: 'text.text', tokenizer: 'tokenizer.tokenizer' } },
    design: { use: 'gpt', from: { tokenizer: 'tokenizer.tokenizer' } },
    model: { use: 'pretrain', from: { design: 'design.design', tokens: 'tokens.tokens' } },
    samples: { use: 'generate', from: { model: 'model.model' } },
  },
  outputs: { tokens: 'tokens.tokens', model: 'model.model', samples: 'samples.samples' },
};
stageSuite('pretrain', {
  plugins: fakePlugins,
  recipe,
  stage: 'model',
  views: [{ logEvery: 2 }, { title: 'another' }],
  options: [{ steps: 4 }, { schedule: { use: 'cosine', floor: 0 } }],
});
stageSuite('generate', {
  plugins: fakePlugins,
  recipe,
  stage: 'samples',
  options: [{ prompt: 'x' }, { sampler: [{ use: 'temperature', value: 0.5 }] }],
});
alignmentSuite('dpo', { plugins: [align, services], stage: dpo as unknown as AnyStage, options: [{ beta: 0.2 }] });
alignmentSuite('kto', { plugins: [align, services], stage: kto as unknown as AnyStage });
alignmentSuite('simpo', { plugins: [align, services], stage: simpo as unknown as AnyStage });
quantiserSuite('int8', { plugins: [quant], stage: int8 as unknown as AnyStage });
quantiserSuite('gptq', { plugins: [quant], stage: gptq as unknown as AnyStage, options: [{ bits: 8 }] });

const Number_ = kind<Json>()('@ingot/testing/number');
const options = z.strictObject({ steps: z.int().default(3) });
let drawn = 0;
let open = 0;
const lone = (run: () => AsyncGenerator<ReturnType<typeof metric>, { value: Json }, void>) =>
  stageChecks({
    plugins: [
      definePlugin({
        name: '@me/planted',
        stages: [defineStage({ name: 'planted', version: 1, inputs: {}, outputs: { value: Number_ }, options, run })],
      }),
    ],
    recipe: { name: 'planted', stages: { it: { use: 'planted' } }, outputs: { value: 'it.value' } },
    stage: 'it',
    options: [{ steps: 4 }],
    held: () => open,
  });
test('an honest stage passes', async () => {
  expect(
    await failingChecks(
      lone(async function* () {
        yield metric(1, { loss: 1 });
        return { value: 1 };
      }),
    ),
  ).toEqual([]);
});
test('planted: a stage that draws from the world', async () => {
  expect(
    await failingChecks(
      lone(async function* () {
        yield metric(1, { loss: 1 });
        return { value: drawn++ };
      }),
    ),
  ).toContain('two runs give the same outputs');
});
test('planted: a stage that leaves something open', async () => {
  expect(
    await failingChecks(
      lone(async function* () {
        open++;
        yield metric(1, { loss: 1 });
        open--;
        return { value: 1 };
      }),
    ),
  ).toContain('nothing is held after a run or a cancelled run');
});
test('planted: an option that is a view', async () => {
  const checks = stageChecks({
    plugins: fakePlugins,
    recipe,
    stage: 'model',
    views: [{ steps: 9 }],
    options: [{ logEvery: 3 }],
  });
  expect(await failingChecks(checks)).toEqual([
    'view {"steps":9} changes no key',
    'options {"logEvery":3} change the key',
  ]);
});
test('planted: an alignment stage that loses tensors', async () => {
  const losing = Align.stage({
    name: 'losing',
    version: 1,
    options,
    async *run({ inputs }) {
      yield metric(1, { loss: 1 });
      return { model: { ...inputs.model, tensors: {} } };
    },
  });
  expect(
    await failingChecks(
      alignmentChecks({
        plugins: [definePlugin({ name: '@me/losing', stages: [losing] })],
        stage: losing as unknown as AnyStage,
      }),
    ),
  ).toContain('the aligned model has the design, the tokenizer and the tensors of the model');
});
test('planted: an alignment stage outside of its role', async () => {
  const stray = defineStage({
    name: 'stray',
    version: 1,
    inputs: { model: Align.inputs.model, feedback: Align.inputs.feedback },
    outputs: { model: Align.inputs.model },
    options,
    async *run({ inputs }) {
      return { model: inputs.model };
    },
  });
  expect(
    await failingChecks(
      alignmentChecks({
        plugins: [definePlugin({ name: '@me/stray', stages: [stray] })],
        stage: stray as unknown as AnyStage,
      }),
    ),
  ).toEqual(
    expect.arrayContaining([
      'lineage: it takes a chat model and gives an aligned one',
      'ports: feedback may be pairs, and the role has a reward and a mix',
    ]),
  );
});
test('planted: a quantiser that rounds to one bit', async () => {
  const one = Quantise.stage({
    name: 'one-bit',
    version: 1,
    options,
    async *run({ inputs: { model } }) {
      return { model: { ...model, read: async (name) => (await model.read(name)).map(Math.sign) } };
    },
  });
  expect(
    await failingChecks(
      quantiserChecks({
        plugins: [definePlugin({ name: '@me/one', stages: [one] })],
        stage: one as unknown as AnyStage,
      }),
    ),
  ).toContain('every tensor is finite and within 0.01 of the original');
});
