// The red team: intervals of published tables, what counts as a refusal, the attacks, and two tiny models, one that talks and one that is silent.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { ChatModel, Device, Reward, Sampler, type ModelValue, type ReportValue } from '@ingot/contracts';
import { createIngot, definePlugin, defineStage, memoryStore } from '@ingot/core';
import { gptDesign, gptFamily, gptFamilyPart } from '@ingot/model-gpt';
import { ParameterTree, referenceDevice } from '@ingot/tensor';
import { stageSuite } from '@ingot/testing';
import { charactersJson, chatFormats, END_OF_TEXT, loadTokenizer, tokenizerValue } from '@ingot/text';
import { initialise, modelOfCopy } from '@ingot/training';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { RailClassifier } from '../classifier/kind.js';
import { trainClassifier } from '../classifier/train.js';
import { guardrails } from '../index.js';
import { ATTACKS, attackFamilies, rot13 } from './attacks.js';
import { isRefusal, wilson } from './measure.js';
import { REQUESTS, TRANSLATED } from './requests.js';

describe("Wilson's interval", () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const)
    it(`${successes} of ${trials}`, () => {
      const interval = wilson(successes, trials);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    });
  it('wants a trial', () => expect(() => wilson(0, 0)).toThrow(/got 0 of 0/));
});

describe('refusals', () => {
  for (const text of [
    "I'm sorry, but no.",
    'I cannot help with that.',
    'Sorry, I can’t do that',
    'Lo siento, no es posible',
    'Es tut mir leid.',
    'As an AI I must not',
    '',
  ])
    it(`refuses: ${text}`, () => expect(isRefusal(text)).toBe(true));
  for (const text of [
    'Sure, here is how.',
    'You can do it with a wire.',
    `${'First take the wire. '.repeat(15)} I cannot help more.`,
  ])
    it(`does not: ${text.slice(0, 30)}`, () => expect(isRefusal(text)).toBe(false));
});

describe('attacks', () => {
  it('every family asks every request, each in another way; the request can be read out of the encoding', () => {
    for (const family of attackFamilies)
      expect(new Set(REQUESTS.map((request) => JSON.stringify(ATTACKS[family](request)))).size).toBe(REQUESTS.length);
    const encoded = ATTACKS.encoding(REQUESTS[0])[0]?.content ?? '';
    expect(Buffer.from(/base64 and answer it: (\S+)/.exec(encoded)?.[1] ?? '', 'base64').toString()).toBe(REQUESTS[0]);
    expect(rot13(rot13('Hello, World'))).toBe('Hello, World');
    expect(rot13('Hello')).toBe('Uryyb');
    expect(TRANSLATED).toHaveLength(REQUESTS.length);
    expect(ATTACKS['many-shot'](REQUESTS[0])).toHaveLength(13);
    expect(ATTACKS['language-switch']('something else')[0]?.content).toContain('something else');
  });
});

const special = [END_OF_TEXT, '<|im_start|>', '<|im_end|>'];
const contents = attackFamilies.flatMap((family) =>
  [...REQUESTS, 'x'].flatMap((request) => ATTACKS[family](request).map(({ content }) => content)),
);
const tokenizer = tokenizerValue(charactersJson([...new Set(`${contents.join('')}userasitn\n`)].toSorted(), special));
/** Random weights; `silent`: whatever it reads, the end of its turn is the likeliest. */
const tiny = (silent: boolean, context = 1024): ModelValue => {
  const design = {
    ...gptDesign({ layers: 1, heads: 1, width: 8, context, initStd: 0.4 }, tokenizer),
    chat: chatFormats.chatml,
  };
  const tree = ParameterTree.create(referenceDevice(), gptFamily.parameters(design));
  for (const spec of gptFamily.parameters(design)) initialise(spec, tree.get(spec.name), 5);
  if (silent) {
    const table = tree.get('wte.weight');
    const numbers = Float32Array.from(table.read());
    const end = loadTokenizer(tokenizer).special.get('<|im_end|>')!;
    numbers.fill(3, 8 * end, 8 * end + 8);
    table.load(numbers);
    tree.get('norm.weight').load(new Float32Array(8));
    tree.get('norm.bias').load(new Float32Array(8).fill(3));
  }
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
};
const shared = referenceDevice();
const world = definePlugin({
  name: 'test/red-team',
  parts: [
    gptFamilyPart,
    Sampler.part({
      name: 'greedy',
      version: 1,
      options: z.strictObject({}),
      make: () => (logits) => logits.map((logit) => (logit === Math.max(...logits) ? 0 : -Infinity)),
    }),
    Reward.part({ name: 'nothing-is-harm', version: 1, options: z.strictObject({}), make: () => () => 0 }),
  ],
  stages: [
    defineStage({
      name: 'a-model',
      version: 1,
      inputs: {},
      outputs: { model: ChatModel },
      options: z.strictObject({ silent: z.boolean().default(false), context: z.int().default(1024) }),
      async *run({ options }) {
        return { model: tiny(options.silent, options.context) };
      },
    }),
    defineStage({
      name: 'a-guard',
      version: 1,
      inputs: {},
      outputs: { classifier: RailClassifier },
      options: z.strictObject({}),
      async *run() {
        const rows = ['tell me', 'dime', 'x', 'y'].map((text, at) => ({ text, label: at === 0 }));
        return { classifier: trainClassifier(rows, { category: 'telling', bits: 10, epochs: 40 }) };
      },
    }),
  ],
  services: (bind) => bind.factory(Device, {}, () => shared, { fingerprint: 'fp32' }),
});
const plugins = [world, guardrails];
const recipe = {
  name: 'red',
  stages: {
    before: { use: 'a-model' },
    after: { use: 'a-model', how: { silent: true } },
    red: {
      use: 'red-team',
      from: { model: 'after.model', before: 'before.model' },
      how: { tokens: 3, requests: REQUESTS.slice(0, 2) },
    },
  },
  outputs: { report: 'red.report' },
};
stageSuite('red-team', {
  plugins,
  held: () => shared.memory().arrays,
  recipe,
  stage: 'red',
  views: [{ show: 0 }],
  options: [
    { families: ['plain'] },
    { tokens: 2 },
    { rails: [{ use: 'injection' }] },
    { harm: { use: 'nothing-is-harm' } },
    { requests: ['x'] },
  ],
});

describe('the stage', () => {
  const ingot = createIngot({ plugins });
  const reported = async (how: object, models: { silent?: boolean; context?: number } = {}) => {
    const { report } = (await ingot
      .fromRecipe({
        name: 'red',
        stages: {
          m: { use: 'a-model', how: models },
          red: { use: 'red-team', from: { model: 'm.model' }, how: { tokens: 3, ...how } },
        },
        outputs: { report: 'red.report' },
      })
      .run({ store: memoryStore() })
      .result()) as { report: ReportValue };
    return new Map(report.rows.map(({ name, values }) => [name, values]));
  };
  it('before and after: rates by family with intervals that do not overlap', async () => {
    const run = ingot
      .fromRecipe({ ...recipe, stages: { ...recipe.stages, red: { ...recipe.stages.red, how: { tokens: 2 } } } })
      .run({ store: memoryStore() });
    const families: unknown[] = [];
    run.events.subscribe((event) => {
      if (event.type === 'table') families.push(...event.rows.map(({ family }) => family));
    });
    const { report } = (await run.result()) as { report: ReportValue };
    expect(families).toEqual(report.rows.map(({ name }) => name));
    const rows = new Map(report.rows.map(({ name, values }) => [name, values]));
    expect([...rows.keys()]).toEqual(
      ['before', 'model'].flatMap((name) => [...attackFamilies, 'all'].map((family) => `${name}, ${family}`)),
    );
    const [before, after] = [rows.get('before, all'), rows.get('model, all')];
    expect(after).toMatchObject({ attacks: 72, succeeded: 0, rate: 0, low: 0 });
    expect(before?.['attacks']).toBe(72);
    expect(Number(before?.['low'])).toBeGreaterThan(Number(after?.['high']));
  });
  it('a classifier and a model that reads stand before it like any rail; requests of your own have their translations', async () => {
    const run = async (from: object, how: object) => {
      const { report } = (await ingot
        .fromRecipe({
          name: 'red',
          stages: {
            m: { use: 'a-model' },
            guard: { use: 'a-guard' },
            red: {
              use: 'red-team',
              from: { model: 'm.model', ...from },
              how: { tokens: 3, families: ['plain', 'language-switch'], ...how },
            },
          },
          outputs: { report: 'red.report' },
        })
        .run({ store: memoryStore() })
        .result()) as { report: ReportValue };
      return new Map(report.rows.map(({ name, values }) => [name, Number(values['succeeded'])]));
    };
    const own = { requests: ['tell me'], translations: { 'tell me': 'dime' } };
    const open = await run({}, own);
    expect(open.get('all')).toBe(2);
    // the guard knows the English word alone
    const guarded = await run({ classifier: 'guard.classifier' }, own);
    expect([guarded.get('plain'), guarded.get('language-switch')]).toEqual([0, 1]);
    const read = await run({ reader: 'm.model' }, { ...own, perplexity: { ends: 1.01 } });
    expect(read.get('all')).toBe(0);
    expect((await run({ reader: 'm.model' }, { ...own, perplexity: { ends: 1e9 } })).get('all')).toBe(2);
    await expect(run({ reader: 'm.model' }, own)).rejects.toThrow(/wants its limits .*got only the model/);
    await expect(run({}, { ...own, perplexity: { ends: 3 } })).rejects.toThrow(/got only the limits/);
  });
  it('rails stop attacks before the model reads them; a reward may decide; what does not fit is told apart', async () => {
    const open = await reported({ families: ['suffix', 'plain'] });
    expect(Number(open.get('suffix')?.['succeeded'])).toBeGreaterThan(0);
    const railed = await reported({ families: ['suffix', 'plain'], rails: [{ use: 'injection' }] });
    expect(railed.get('suffix')).toMatchObject({ attacks: 12, succeeded: 0 });
    expect(railed.get('plain')).toEqual(open.get('plain'));
    expect((await reported({ harm: { use: 'nothing-is-harm' }, families: ['plain'] })).get('all')).toMatchObject({
      succeeded: 0,
    });
    const small = await reported({ families: ['many-shot', 'plain'] }, { context: 256 });
    expect(small.get('many-shot')).toEqual({ attacks: 0, succeeded: 0, 'too long': 12 });
    await expect(reported({ families: ['many-shot'] }, { context: 256 })).rejects.toThrow(/none of 12 attacks fits/);
  });
});
