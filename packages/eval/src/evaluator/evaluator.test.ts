// The service and its calls on small models: what shares a call, tokenizer independence, cuts, refusals, cancelling.
import type { LiveModel } from '@ingot/contracts';
import { fakeDesign, fakeFamily, fakeFamilyPart, modelOfDesign } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage } from '@ingot/core';
import { device, Evaluator, Report } from '@ingot/contracts';
import { ParameterTree, plainWeights, referenceDevice, tensor } from '@ingot/tensor';
import {
  BYTE_CHARACTERS,
  byteLevelJson,
  charactersJson,
  END_OF_TEXT,
  loadTokenizer,
  PieceCounts,
  tokenizerValue,
  trainBpe,
} from '@ingot/text';
import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { evaluation, measureValue } from '../index.js';
import { multipleChoiceMeasures } from '../tasks/multiple-choice.js';
import { bitsPerByteMeasures, perplexityMeasures } from '../tasks/text-measures.js';
import { calls } from './calls.js';
import { encodePair } from './encode-pair.js';
import { evaluatedModel } from './evaluator.js';

const DOCUMENT = 'Näive whales, naïve whalers: 鯨 and 🐳; all of them swam. '.repeat(9);
const pieces = new PieceCounts('gpt2');
pieces.add(DOCUMENT);
const { tokens, merges } = trainBpe(pieces.counts, { vocabSize: 300, special: [END_OF_TEXT], minFrequency: 0 });
const characters = [...new Set(DOCUMENT)].toSorted();
const jsons = {
  characters: charactersJson(characters, [END_OF_TEXT]),
  'characters, no end of text': charactersJson(characters, []),
  bytes: byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
  bpe: byteLevelJson(tokens, merges, [END_OF_TEXT], 'gpt2'),
};

/** A model of the fake family, and how many rows each of its calls had. */
function counting(json: object, changes: Partial<LiveModel['weights']> = {}) {
  const value = tokenizerValue(json);
  const parameters = ParameterTree.create(referenceDevice(), fakeFamily.parameters(fakeDesign(value, 4)));
  for (const parameter of parameters.values())
    parameter.load(Float32Array.from({ length: parameter.size }, (_, i) => Math.sin(i * 1.7 + parameter.size)));
  const shapes: (readonly number[])[] = [];
  const family: typeof fakeFamily = {
    ...fakeFamily,
    forward: (design, weights, ids, context) => {
      shapes.push(ids.shape);
      return fakeFamily.forward(design, weights, ids, context);
    },
  };
  const live: LiveModel = {
    device: parameters.device,
    family,
    design: fakeDesign(value, 4),
    weights: { ...plainWeights(parameters), ...changes },
  };
  return { live, shapes, tokenizer: loadTokenizer(value), parameters };
}

test('calls: longest first, padding counted, one long sequence alone', () => {
  expect(calls([1, 5, 2, 5, 1], 10)).toEqual([
    [1, 3],
    [2, 0, 4],
  ]);
  expect(calls([50, 3, 3], 10)).toEqual([[0], [1, 2]]);
  expect(calls([], 10)).toEqual([]);
  expect(calls([0, 0], 10)).toEqual([[0, 1]]);
});

test('many short requests share a call, choices with one input a row', async () => {
  const { live, shapes } = counting(jsons.bytes);
  const model = evaluatedModel(live);
  await model.logLikelihood(
    Array.from({ length: 40 }, (_, i) => ({ context: 'Answer:', continuation: String.fromCharCode(65 + i) })),
  );
  expect(shapes).toEqual([[1, 'Answer:'.length]]); // 40 continuations of one token after one context
  shapes.length = 0;
  await model.rollingLogLikelihood(Array.from({ length: 60 }, (_, i) => 'whale'.slice(0, 2 + (i % 4))));
  expect(shapes).toHaveLength(1);
  shapes.length = 0;
  await model.rollingLogLikelihood(['whale '.repeat(20)]); // 121 ids in windows of 32 with stride 16
  expect(shapes).toHaveLength(1);
});

describe('how a pair is split', () => {
  const bpe = loadTokenizer(tokenizerValue(jsons.bpe));
  const spelt = (context: string, continuation: string) => {
    const pair = encodePair(bpe, context, continuation);
    return [bpe.decode(pair.context), bpe.decode(pair.continuation)];
  };
  it('spaces at the end of the context move to the continuation', () => {
    expect(spelt('all of', ' them')).toEqual(['all of', ' them']);
    expect(spelt('all of ', 'them')).toEqual(['all of', ' them']);
    expect(encodePair(bpe, 'all of ', 'them')).toEqual(encodePair(bpe, 'all of', ' them'));
    expect(spelt('', 'them')).toEqual([END_OF_TEXT, 'them']);
    expect(spelt('  ', 'them')).toEqual([END_OF_TEXT, '  them']);
  });
  it('a border that vanishes in one token: the two are encoded apart', () => {
    const whole = bpe.encode('whale'); // the tokenizer has learnt ' whale', so 'whal' and 'e' may join
    const [first] = whole;
    const token = bpe.decode(first === undefined ? [] : [first]);
    const [left, right] = [token.slice(0, 1), token.slice(1)];
    expect(right.length).toBeGreaterThan(0);
    expect(spelt(left, right)).toEqual([left, right]);
  });
  it('refuses an empty continuation, and one beyond the context', async () => {
    const { live } = counting(jsons.bytes);
    const model = evaluatedModel(live);
    await expect(model.logLikelihood([{ context: 'a', continuation: '' }])).rejects.toThrow(/at least one character/);
    await expect(model.logLikelihood([{ context: 'a', continuation: 'b'.repeat(33) }])).rejects.toThrow(
      /at most 32 tokens, the model's context, got 33/,
    );
  });
});

test('a long context loses its beginning: only the last ids count', async () => {
  const { live } = counting(jsons.bytes);
  const model = evaluatedModel(live);
  const [long, short] = await model.logLikelihood([
    { context: 'x'.repeat(100) + 'abcdefghijklmnopqrstuvwxyz12345', continuation: 'YZ' },
    { context: 'abcdefghijklmnopqrstuvwxyz12345', continuation: 'YZ' },
  ]);
  expect(long).toEqual(short); // 31 + 2 ids fill the context of 32 and its target
});

test('greedy is what generation writes, and stop strings end it', async () => {
  const { live } = counting(jsons.characters);
  const model = evaluatedModel(live);
  const [said = ''] = await model.generateUntil([{ prompt: 'whale', until: [], tokens: 4 }]);
  expect([...said].length).toBeGreaterThan(0);
  const other = characters.find((one) => one !== said[0] && one.trim() !== '') ?? '';
  const [same, different] = await model.logLikelihood([
    { context: 'whale', continuation: said },
    { context: 'whale', continuation: other },
  ]);
  expect(same?.greedy).toBe(true);
  expect(different?.greedy).toBe(false);
  const last = [...said].at(-1) ?? '';
  expect(await model.generateUntil([{ prompt: 'whale', until: [last], tokens: 4 }])).toEqual([
    said.slice(0, said.indexOf(last)),
  ]);
});

describe('bits per byte do not depend on the tokenizer', () => {
  it.each(Object.entries(jsons))('8 bits for every byte: %s', async (_, json) => {
    const { live, tokenizer } = counting(json);
    const losses = (targets: Iterable<number>): number[] =>
      [...targets].map((id) => (id < 0 ? 0 : 8 * Math.LN2 * tokenizer.bytes(id).length));
    const weights = {
      ...live.weights,
      crossEntropy: ((__, ___, targets) =>
        tensor(live.device, losses(targets.read()), targets.shape)) as LiveModel['weights']['crossEntropy'],
    };
    const model = evaluatedModel({ ...live, weights });
    const [rolled] = await model.rollingLogLikelihood([DOCUMENT]);
    const start = tokenizer.endOfText === undefined ? Math.log(tokenizer.vocabSize) : 0;
    expect(rolled?.start).toBeCloseTo(start, 12);
    const free = start > 0 ? 8 * Math.LN2 : 0; // the first character, 'N', is one byte
    const bytes = Buffer.byteLength(DOCUMENT);
    expect((free - (rolled?.logProbability ?? 0)) / (bytes * Math.LN2)).toBeCloseTo(8, 6); // fp32 losses
    const [bits] = await bitsPerByteMeasures(model, [DOCUMENT]);
    const charged = (start - free) / (bytes * Math.LN2);
    expect(bits && measureValue(bits) - charged).toBeCloseTo(8, 6);
    const [byte] = await perplexityMeasures(model, [DOCUMENT]);
    expect(byte && Math.log2(measureValue(byte)) - charged).toBeCloseTo(8, 6);
  });
});

describe('multiple choice by hand', () => {
  const scored = (...numbers: number[]) => ({
    ...evaluatedModel(counting(jsons.bytes).live),
    logLikelihood: async () => numbers.map((logProbability) => ({ logProbability, tokens: 1, greedy: false })),
  });
  it.each([
    // as they are -3 wins; by character -6/4 beats -3/1; by byte the same
    [[-3, -6], ['a', 'four'], 0, [1, 0, 0]],
    [[-3, -6], ['a', 'four'], 1, [0, 1, 1]],
    // by character -4/2 beats -5/2; by byte -5/6 (two three-byte signs) beats -4/2
    [[-5, -4], ['鯨鯨', 'ab'], 0, [0, 0, 1]],
    // a tie goes to the first
    [[-2, -2], ['a', 'b'], 0, [1, 1, 1]],
    [[-2, -2], ['a', 'b'], 1, [0, 0, 0]],
  ])('%j over %j', async (numbers, choices, answer, wanted) => {
    const measures = await multipleChoiceMeasures(scored(...numbers), [{ prompt: 'p', choices, answer }]);
    expect(measures.map(({ name }) => name)).toEqual(['acc', 'acc_norm', 'acc_bytes']);
    expect(measures.map(measureValue)).toEqual(wanted);
  });
});

test('the service: opens stored models, lives on live ones, refuses a stride, and stops when told', async () => {
  const value = tokenizerValue(jsons.bytes);
  const probe = defineStage({
    name: 'probe',
    version: 1,
    inputs: {},
    outputs: { report: Report },
    needs: { evaluator: Evaluator },
    options: z.strictObject({}),
    async *run({ services }) {
      yield { type: 'text', text: 'opening' };
      const opened = await services.evaluator.open(modelOfDesign(fakeDesign(value, 4), 0));
      const [one] = await opened.rollingLogLikelihood(['abc']);
      opened.dispose();
      const { live } = counting(jsons.bytes);
      const on = services.evaluator.of(live);
      on.dispose();
      const [other] = await on.rollingLogLikelihood(['abc']); // disposing freed nothing of the live model's
      return {
        report: {
          title: 't',
          rows: [{ name: 'n', values: { stored: one?.tokens ?? 0, live: other?.tokens ?? 0 } }],
          notes: [],
        },
      };
    },
  });
  const ingot = createIngot({
    plugins: [
      device('reference'),
      evaluation,
      definePlugin({ name: 'probe', parts: [fakeFamilyPart], stages: [probe] }),
    ],
  });
  const { report } = await ingot
    .pipeline('p', (g) => g.add('probe', {}))
    .run()
    .result();
  expect(report.rows[0]?.values).toEqual({ stored: 3, live: 3 });
  const { live } = counting(jsons.bytes);
  expect(() => evaluatedModel(live, { stride: 33 })).toThrow(/wanted at most 32/);
  await expect(evaluatedModel(live).rollingLogLikelihood(['abc'], AbortSignal.abort())).rejects.toThrow(/abort/i);
  await expect(
    evaluatedModel(live).generateUntil([{ prompt: 'a', until: [], tokens: 2 }], AbortSignal.abort()),
  ).rejects.toThrow(/abort/i);
});
