// Traits: artifacts made with different tokenizers are refused when the plan is made. Volatile stages: what follows is keyed by content.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { collect, refusal, said } from '../fixtures/watch.js';
import { createIngot } from '../ingot.js';
import { kind, narrow } from '../kind.js';
import { many, sameAs } from '../ports.js';
import { definePlugin } from '../plugin.js';
import { defineStage } from '../stage.js';
import { memoryStore } from '../store/memory-store.js';

const carries = ['tokenizer'];
const Tokenizer = kind<number>()('tokenizer', { carries });
const Tokens = kind<number>()('tokens', { carries });
const Model = kind<number>()('model', { carries });
const Chat = narrow(Model, 'chat');
const none = z.strictObject({});
const bpe = defineStage({
  name: 'bpe',
  version: 1,
  inputs: {},
  outputs: { tokenizer: Tokenizer },
  options: z.strictObject({ size: z.int() }),
  async *run({ options }) {
    return { tokenizer: options.size };
  },
});
const pack = defineStage({
  name: 'pack',
  version: 1,
  inputs: { tokenizer: Tokenizer },
  outputs: { tokens: Tokens },
  options: none,
  async *run() {
    return { tokens: 1 };
  },
});
const train = defineStage({
  name: 'train',
  version: 1,
  inputs: { tokenizer: Tokenizer, tokens: Tokens },
  outputs: { model: Model },
  options: none,
  async *run() {
    return { model: 1 };
  },
});
const chat = defineStage({
  name: 'chat',
  version: 1,
  inputs: { model: Model },
  outputs: { model: Chat },
  options: none,
  async *run({ inputs }) {
    return inputs;
  },
});
const smaller = defineStage({
  name: 'smaller',
  version: 1,
  inputs: { model: Model },
  outputs: { model: sameAs('model') },
  options: none,
  async *run({ inputs }) {
    return inputs;
  },
});
const merge = defineStage({
  name: 'merge',
  version: 1,
  inputs: { models: many(Model) },
  outputs: { model: Model },
  options: none,
  async *run() {
    return { model: 2 };
  },
});
const compare = defineStage({
  name: 'compare',
  version: 1,
  inputs: { models: many(Model) },
  outputs: { model: Model },
  mixes: ['tokenizer'],
  options: none,
  async *run() {
    return { model: 3 };
  },
});
const ingot = createIngot({
  plugins: [definePlugin({ name: 'models', stages: [bpe, pack, train, chat, smaller, merge, compare] })],
});
const ofSize = (size: number) => (g: Parameters<Parameters<typeof ingot.pipeline>[1]>[0]) => {
  const { tokenizer } = g.add('bpe', {}, { size });
  return g.add('smaller', g.add('chat', g.add('train', { tokenizer, tokens: g.add('pack', { tokenizer }).tokens })))
    .model;
};

test('one tokenizer everywhere, or two equal ones, is a valid plan', async () => {
  const rows = await ingot.pipeline('p', (g) => g.add('merge', { models: [ofSize(4)(g), ofSize(4)(g)] })).plan();
  expect(rows).toHaveLength(11);
});

test('a pair with different tokenizers is refused, naming both, before any work', async () => {
  const mixed = ingot.pipeline('p', (g) => g.add('merge', { models: [ofSize(4)(g), ofSize(5)(g)] }));
  const error = await refusal('bad-wiring', () => mixed.plan());
  expect(error.message).toBe(
    "Stage 'merge' of pipeline 'p' is given artifacts with different tokenizers: 'models' from 'smaller.model' has that of 'bpe' and 'models' from 'smaller-2.model' has that of 'bpe-2'. Make both with one tokenizer.",
  );
  const events = await collect(mixed.run());
  expect(events.map((event) => event.type)).toEqual(['run-end']);
});

test('a stage that says so may mix', async () => {
  await ingot.pipeline('p', (g) => g.add('compare', { models: [ofSize(4)(g), ofSize(5)(g)] })).plan();
});

test('a volatile stage runs each time; what follows runs again only when its content changed', async () => {
  let content = 'a';
  const Page = kind<string>()('page');
  const hub = defineStage({
    name: 'hub',
    version: 1,
    inputs: {},
    outputs: { page: Page },
    volatile: true,
    options: none,
    async *run() {
      return { page: content };
    },
  });
  const read = defineStage({
    name: 'read',
    version: 1,
    inputs: { page: Page },
    outputs: { page: Page },
    options: none,
    async *run({ inputs }) {
      return inputs;
    },
  });
  const pipeline = createIngot({ plugins: [definePlugin({ name: 'hub', stages: [hub, read] })] }).pipeline('p', (g) =>
    g.add('read', g.add('read', g.add('hub', {}))),
  );
  const store = memoryStore();
  const started = async () => said(await collect(pipeline.run({ store })), 'stage-start');
  expect(await started()).toEqual(['hub', 'read', 'read-2']);
  expect((await pipeline.plan({ store })).map((row) => row.why)).toEqual([
    'reads the world each time',
    "known when 'hub' has run",
    "known when 'read' has run",
  ]);
  expect(await started()).toEqual(['hub']);
  content = 'b';
  expect(await started()).toEqual(['hub', 'read', 'read-2']);
});
