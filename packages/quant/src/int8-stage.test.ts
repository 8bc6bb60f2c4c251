// `int8` keeps the contract of quantisers; a packed model has a quarter of the bytes, runs packed, and says what its unpacked twin says.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import {
  ChatModel,
  Text,
  type DesignValue,
  device,
  loadParameters,
  loadWeights,
  Model,
  type ModelValue,
  weightBytes,
} from '@ingot/contracts';
import { fakeModel, fakeText } from '@ingot/contracts/fakes';
import {
  createIngot,
  definePlugin,
  defineStage,
  memoryStore,
  type AnyStage,
  type Codec,
  type RunEvent,
} from '@ingot/core';
import { evaluation } from '@ingot/eval';
import { gpt, gptFamily } from '@ingot/model-gpt';
import { sampling } from '@ingot/sampling';
import { type Device, noGrad, plainWeights, referenceDevice, scope, tensor, type Weights } from '@ingot/tensor';
import { findAddon, nativeDevice } from '@ingot/tensor-native';
import { memoryBlobs, quantiserSuite } from '@ingot/testing';
import { BYTE_CHARACTERS, byteLevelJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { quant } from './index.js';
import { int8Model } from './int8-model.js';
import { int8Stage } from './int8-stage.js';

const tokenizer = tokenizerValue(
  byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
);
const V = tokenizer.vocabSize;
const design: DesignValue = {
  family: 'gpt',
  version: 1,
  config: {
    layers: 2,
    heads: 4,
    width: 64,
    hidden: 256,
    context: 32,
    vocabSize: V,
    bias: true,
    tied: true,
    dropout: 0,
    gelu: 'tanh',
    epsilon: 1e-5,
    initStd: 0.02,
    residualScaling: true,
  },
  vocabSize: V,
  context: 32,
  tokenizer,
};
const shapes = Object.fromEntries(gptFamily.parameters(design).map(({ name, shape }) => [name, shape]));
const model = (): ModelValue => fakeModel(design, shapes, 0.3);

quantiserSuite('int8', {
  plugins: [quant],
  stage: int8Stage as unknown as AnyStage,
  model,
  options: [{ keep: ['wte'] }],
  bytes: 0.28,
});
quantiserSuite('int8 that keeps the tables', {
  plugins: [quant],
  stage: int8Stage as unknown as AnyStage,
  how: { keep: ['wte', 'wpe'] },
  model,
  bytes: 0.5,
});

const source = definePlugin({
  name: 'test/source',
  stages: [
    defineStage({
      name: 'a-chat-model',
      version: 1,
      inputs: {},
      outputs: { model: ChatModel },
      options: z.strictObject({}),
      async *run() {
        return { model: model() };
      },
    }),
  ],
});

it('the store’s file is about a quarter, and the events say what was done', async () => {
  const ingot = createIngot({ plugins: [source, quant] });
  const events: RunEvent[] = [];
  const run = ingot
    .pipeline('small', (g) => {
      const { model: chat } = g.add('a-chat-model', {});
      const { model: small } = g.add('int8', { model: chat });
      return { chat, small };
    })
    .run({ store: memoryStore() });
  run.events.subscribe((event) => events.push(event));
  const { chat, small } = await run.result();
  expect(weightBytes(small) / weightBytes(chat)).toBeLessThan(0.28);
  const rows = events.flatMap((event) => (event.type === 'table' ? event.rows : []));
  expect(rows.map((row) => row['tensor'])).toEqual(Object.keys(chat.tensors));
  const qkv = rows.find((row) => row['tensor'] === 'blocks.0.attention.qkv.weight');
  expect(qkv).toMatchObject({ shape: '192 × 64', 'bits per weight': 8.5 });
  expect(qkv?.['relative error']).toBeGreaterThan(0.001);
  expect(qkv?.['relative error']).toBeLessThan(0.01);
  const said = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  expect(said).toMatch(/int8: 0\.\d+ MB became 0\.\d+ MB, 2\d\.\d%/);
  await ingot.dispose();
});

it('a chat model stays one: what wants a chat model takes it, and packed weights are stored as I8', async () => {
  const wants = definePlugin({
    name: 'test/wants',
    stages: [
      defineStage({
        name: 'wants-chat',
        version: 1,
        inputs: { model: ChatModel },
        outputs: { model: ChatModel },
        options: z.strictObject({}),
        async *run({ inputs }) {
          return inputs;
        },
      }),
    ],
  });
  const ingot = createIngot({ plugins: [source, quant, wants] });
  const { model: out } = await ingot
    .pipeline('chat', (g) => g.add('wants-chat', g.add('int8', g.add('a-chat-model', {}))))
    .run({ store: memoryStore() })
    .result();
  expect(out.tensors['wte.weight']).toEqual({ shape: [V, 64], dtype: 'f32', packed: { scheme: 'int8-row' } });
  const blobs = memoryBlobs();
  await (Model.codec as Codec<ModelValue>).write(out, blobs.writer);
  const file = blobs.content.get('model.safetensors')?.byteLength ?? 0;
  expect(file).toBeLessThan(weightBytes(out) + 5000);
  await ingot.dispose();
});

const numbersOf = async (work: AsyncGenerator<unknown, ModelValue, void>): Promise<ModelValue> => {
  let step = await work.next();
  while (!step.done) step = await work.next();
  return step.value;
};
const devices: readonly (readonly [string, () => Device])[] = [
  ['reference', () => referenceDevice()],
  ...(findAddon() ? [['native', () => nativeDevice({ threads: 1 })] as const] : []),
];
it.each(devices)('on %s logits and losses are those of the unpacked model to 1e-5', async (_name, open) => {
  const opened = open();
  const small = await numbersOf(int8Model(model()));
  const packed = await loadWeights(opened, gptFamily, small);
  const tree = await loadParameters(opened, gptFamily, small);
  expect(packed.bytes).toBe(weightBytes(small));
  const ids = Array.from({ length: 48 }, (_, i) => (i * 37) % 256);
  const compute = (weights: Weights) =>
    noGrad(() =>
      scope(() => {
        const hidden = gptFamily.forward(design, weights, tensor(opened, ids, [2, 24], 'i32'));
        const rows = hidden.reshape([48, 64]);
        const targets = tensor(
          opened,
          ids.map((id, i) => (i % 5 === 0 ? -1 : (id + 1) % 256)),
          [48],
          'i32',
        );
        return {
          logits: weights.logits('wte', hidden).read(),
          losses: weights.crossEntropy('wte', rows, targets).read(),
        };
      }),
    );
  const [got, wanted] = [compute(packed.weights), compute(plainWeights(tree))];
  for (const which of ['logits', 'losses'] as const) {
    const largest = (wanted[which] as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (const [i, value] of wanted[which].entries())
      expect(Math.abs((got[which][i] ?? NaN) - value) / largest, `${which} ${i}`).toBeLessThan(1e-5);
  }
  packed.dispose();
  tree.dispose();
  expect(opened.memory().arrays).toBe(0);
  opened.dispose();
});
it('`generate` and `evaluate` run on packed weights, and lose little', async () => {
  const held = fakeText(['Call me Ishmael.', 'Some years ago, never mind how long.']);
  const words = definePlugin({
    name: 'test/words',
    stages: [
      defineStage({
        name: 'some-words',
        version: 1,
        inputs: {},
        outputs: { text: Text },
        options: z.strictObject({}),
        async *run() {
          return { text: held };
        },
      }),
    ],
  });
  const ingot = createIngot({ plugins: [device('reference'), gpt, source, quant, sampling, evaluation, words] });
  const { samples, report } = await ingot
    .pipeline('whole', (g) => {
      const { model: chat } = g.add('a-chat-model', {});
      const { model: small } = g.add('int8', { model: chat });
      const { text } = g.add('some-words', {});
      const { samples: said } = g.add('generate', { model: small }, { prompts: ['Call'], count: 1, tokens: 5 });
      const { report: measured } = g.add('evaluate', { model: small, against: [chat], text });
      return { samples: said, report: measured };
    })
    .run({ store: memoryStore() })
    .result();
  expect(samples.rows).toBe(1);
  const bitsOf = (row: string): number =>
    Number(report.rows.find(({ name }) => name === row)?.values['bits per byte'] ?? Number.NaN);
  const [small, whole] = [bitsOf('model'), bitsOf('against 1')];
  // the fake's weights are no language: the loss is large, and eight bits move it by less than a hundredth of it
  expect(Math.abs(small - whole) / whole).toBeLessThan(0.01);
  await ingot.dispose();
});
it('`keep` that names nothing is refused', async () => {
  await expect(numbersOf(int8Model(model(), { keep: ['wte', 'haed'] }))).rejects.toMatchObject({
    code: 'bad-options',
    message: expect.stringContaining("'haed'"),
  });
});
