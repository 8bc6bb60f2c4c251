// The stage `evaluate` and its measure: a model that knows nothing needs log2(V) bits a token, whatever the windows; baselines stand beside it.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { device, Model, Text } from '@ingot/contracts';
import { fakeDesign, fakeFamily, fakeFamilyPart, fakeText, modelOfDesign } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, memoryStore } from '@ingot/core';
import { openModel } from '@ingot/decoding';
import { ParameterTree, referenceDevice } from '@ingot/tensor';
import {
  BYTE_CHARACTERS,
  byteLevelJson,
  charactersJson,
  END_OF_TEXT,
  loadTokenizer,
  tokenizerValue,
} from '@ingot/text';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { documentBits } from './bits-per-byte.js';
import { evaluation } from './index.js';

const bytes = tokenizerValue(
  byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
);
const design = fakeDesign(bytes, 4);
const V = bytes.vocabSize;
/** Weights of zeros: every token is as likely as any other. */
const ignorant = () => {
  const parameters = ParameterTree.create(referenceDevice(), fakeFamily.parameters(design));
  return openModel({ device: parameters.device, family: fakeFamily, design, parameters });
};
const DOCUMENT = 'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money. '.repeat(
  5,
);

test('a model that knows nothing: log2(V) bits a token, for any stride, with and without an end of text', async () => {
  const tokenizer = loadTokenizer(bytes);
  const wanted = DOCUMENT.length * Math.log2(V);
  for (const stride of [1, 7, design.context]) {
    // fp32 losses: ln V is off by at most 2^-23 of itself at each token
    expect(Math.abs((await documentBits(ignorant(), tokenizer, DOCUMENT, { stride })) / wanted - 1)).toBeLessThan(1e-6);
  }
  const endless = {
    encode: (text: string) => tokenizer.encode(text),
    bytes: (id: number) => tokenizer.bytes(id),
    endOfText: undefined,
    vocabSize: V,
  };
  expect(Math.abs((await documentBits(ignorant(), endless, DOCUMENT)) / wanted - 1)).toBeLessThan(1e-6);
  expect(await documentBits(ignorant(), tokenizer, '')).toBe(0);
});

const sources = definePlugin({
  name: 'test/sources',
  parts: [fakeFamilyPart],
  stages: [
    defineStage({
      name: 'a-model',
      version: 1,
      inputs: {},
      outputs: { model: Model },
      options: z.strictObject({}),
      async *run() {
        return { model: modelOfDesign(design, 0) };
      },
    }),
    defineStage({
      name: 'a-text',
      version: 1,
      inputs: {},
      outputs: { text: Text },
      options: z.strictObject({ documents: z.array(z.string()) }),
      async *run({ options }) {
        return { text: fakeText(options.documents) };
      },
    }),
  ],
});
const ingot = createIngot({ plugins: [device('reference'), evaluation, sources] });
const evaluate = (held: string[], how: { order?: number; stride?: number } = {}) =>
  ingot
    .pipeline('evaluation', (g) => {
      const { model } = g.add('a-model', {});
      const { text } = g.add('a-text', {}, { documents: held });
      const { text: train } = g.add('a-text', {}, { documents: [DOCUMENT] });
      return g.add('evaluate', { model, text, train }, how);
    })
    .run({ store: memoryStore() });

test('the stage: the model, the n-gram and gzip in one table, with what they were measured on', async () => {
  const { report } = await evaluate([DOCUMENT, 'Call me.']).result();
  expect(report.rows.map((row) => row.name)).toEqual(['model', 'byte 5-gram with back-off', 'gzip -9']);
  const bits = report.rows.map((row) => Number(row.values['bits per byte']));
  expect(bits[0]).toBeCloseTo(Math.log2(V), 5);
  expect(bits[1]).toBeLessThan(1); // it has read the same text
  expect(bits[2]).toBeLessThan(bits[0] ?? 0);
  expect(report.notes[0]).toMatch(
    /^The model needs 8\.006 bits per byte: it loses to byte 5-gram with back-off \(0\.\d{3}\) and gzip -9/,
  );
  expect(report.notes[1]).toContain(`Measured on ${DOCUMENT.length + 8} bytes in 2 documents`);
});

test('refuses a stride beyond the context', async () => {
  await expect(evaluate([DOCUMENT], { stride: design.context + 1 }).result()).rejects.toMatchObject({
    code: 'bad-options',
    message: expect.stringContaining(`wanted at most ${design.context}`),
  });
});

describe('models beside each other', () => {
  const other = fakeDesign(
    tokenizerValue(charactersJson([...new Set(DOCUMENT)].toSorted(), [END_OF_TEXT])), // another tokenizer: bits per byte stay comparable
    4,
  );
  const several = definePlugin({
    name: 'test/several',
    stages: [
      defineStage({
        name: 'another-model',
        version: 1,
        inputs: {},
        outputs: { model: Model },
        options: z.strictObject({}),
        async *run() {
          return { model: modelOfDesign(other, 0) };
        },
      }),
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'ingot-evaluate-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const tasks = join(folder, 'tasks.jsonl');
  writeFileSync(tasks, '{"prompt": "Call", "choices": [" me", "some years ago"], "answer": 0}\n');
  const world = createIngot({ plugins: [device('reference'), evaluation, sources, several] });
  const store = memoryStore();
  type How = { gate?: 'no-regression' | Record<string, { atMostWorseBy: number }>; names?: string[] };
  const compared = (how: How = {}) =>
    world.pipeline('compared', (g) => {
      const { model } = g.add('a-model', {});
      const { model: small } = g.add('another-model', {});
      const { text } = g.add('a-text', {}, { documents: [DOCUMENT.repeat(4), 'Call me.'] });
      return g.add(
        'evaluate',
        { model, against: [small], text },
        { names: ['bytes', 'characters'], tasks: [{ use: 'jsonl', path: tasks, name: 'quiz' }], ...how },
      );
    });

  test('a row a model for every task, and the differences in words', async () => {
    const { report } = await compared().run({ store }).result();
    expect(report.title).toBe('Evaluation');
    expect(report.rows.map(({ name }) => name)).toEqual([
      'bytes',
      'characters',
      'gzip -9',
      'bytes',
      'characters',
      'bytes - characters',
      'bytes - characters',
      'bytes - characters',
      'bytes - characters',
    ]);
    expect(report.rows[0]?.values['bits per byte']).toBeCloseTo(Math.log2(V), 5);
    expect(report.rows[1]?.values['bits per byte']).toBeCloseTo(Math.log2(other.vocabSize), 5);
    expect(report.rows[3]?.values).toMatchObject({ task: 'quiz', items: 1, acc: 1 });
    expect(report.notes.join('\n')).toMatch(
      /bytes is worse than characters by \d\.\d+ bits_per_byte \(task held-out text\), 95% interval/,
    );
  });
  test('the gate blocks, naming what fell; the stage then has no artifact', async () => {
    await expect(compared({ gate: 'no-regression' }).run({ store }).result()).rejects.toMatchObject({
      code: 'gate-failed',
      message: expect.stringMatching(/bytes is worse than characters by/),
    });
    const gate = { 'held-out text/bits_per_byte': { atMostWorseBy: 8 } };
    const { report } = await compared({ gate }).run({ store }).result();
    expect(report.notes.at(-1)).toContain('lets the model pass');
  });
  test('its key follows the content of the tasks file', async () => {
    const hit = async () => (await compared().plan({ store })).find(({ stage }) => stage === 'evaluate')?.hit;
    expect(await hit()).toBe(true);
    writeFileSync(tasks, '{"prompt": "Call", "choices": [" me", "years"], "answer": 0}\n');
    expect(await hit()).toBe(false);
  });
  test('refuses names that do not fit, and nothing to measure', async () => {
    await expect(
      compared({ names: ['one'] })
        .run({ store })
        .result(),
    ).rejects.toMatchObject({
      code: 'bad-options',
      message: expect.stringContaining('wanted 2 different names'),
    });
    const nothing = world.pipeline('nothing', (g) => g.add('evaluate', { model: g.add('a-model', {}).model }));
    await expect(nothing.run({ store }).result()).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining("'tasks'"),
    });
  });
});
