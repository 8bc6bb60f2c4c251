// The stage `rail-classifier` on the generated corpus: the contract, an artifact to the bit, no prompt in two parts, rates that a second count gives too, thresholds, refusals.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { Labels, type FeedbackRow, type ReportValue } from '@ingot/contracts';
import { fakeRows } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, memoryStore } from '@ingot/core';
import { stageSuite } from '@ingot/testing';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { passRails } from '../chain/pass.js';
import { numbersFrom } from '../chain/random-text.fixture.js';
import { corpus } from '../corpus.fixture.js';
import { guardrails } from '../index.js';
import { chooseThreshold } from './choose-threshold.js';
import { classifierRail } from './classifier-rail.js';
import { worstSentence } from './classifier-stage.js';
import { classify, type Classifier } from './classifier.js';
import { labelledTexts, partOf } from './labelled-rows.js';
import { ratesOf } from './rates.js';
import { trainClassifier } from './train.js';

const { train, heldOut } = corpus.sentences;
const rows: FeedbackRow[] = [...train, ...heldOut].map(({ text, label }) => ({
  prompt: '',
  completions: [{ text, label: !label }],
}));
const asked = (completions: FeedbackRow['completions'], prompt: FeedbackRow['prompt'] = 'q'): FeedbackRow => ({
  prompt,
  completions,
});
const world = definePlugin({
  name: 'test/labels',
  stages: [
    defineStage({
      name: 'some-labels',
      version: 1,
      inputs: {},
      outputs: { labels: Labels },
      options: z.strictObject({ few: z.boolean().default(false) }),
      async *run({ options }) {
        return { labels: fakeRows(options.few ? rows.slice(0, 2) : rows) };
      },
    }),
  ],
});
const plugins = [world, guardrails];
const recipe = (how: object = {}, few = false) => ({
  name: 'classifier',
  seed: 3,
  stages: {
    labels: { use: 'some-labels', how: { few } },
    guard: { use: 'rail-classifier', from: { feedback: 'labels.labels' }, how: { category: 'harassment', ...how } },
  },
  outputs: { classifier: 'guard.classifier', report: 'guard.report' },
});
stageSuite('rail-classifier', {
  plugins,
  held: () => 0,
  recipe: recipe({ bits: 10 }),
  stage: 'guard',
  options: [
    { category: 'x' },
    { positive: 'liked' },
    { heldOut: 0.4 },
    { threshold: { miss: 1, falseAlarm: 5 } },
    { bits: 9 },
    { epochs: 3 },
    { lr: 0.1 },
    { l2: 0.01 },
  ],
});

const ingot = createIngot({ plugins });
const made = async (how: object = {}, few = false) =>
  (await ingot.fromRecipe(recipe(how, few)).run({ store: memoryStore() }).result()) as {
    classifier: Classifier;
    report: ReportValue;
  };

describe('the stage', () => {
  it('its rates are those of the rail, counted once more over the texts that were held out for them', async () => {
    const { classifier, report } = await made({ bits: 12 });
    const rates = new Map(report.rows.map(({ name, values }) => [name, values]));
    const held = (await labelledTexts(fakeRows(rows), { reads: 'completion', positive: 'disliked' })).filter(
      ({ group }) => partOf(group, 0.3) === 'report',
    );
    const rail = classifierRail(classifier);
    const found = await Promise.all(
      held.map(async ({ text, label }) => ({
        label,
        stopped: (await passRails([rail], text, 'output')).stopped !== undefined,
      })),
    );
    const positive = held.filter(({ label }) => label).length;
    const right = found.filter(({ label, stopped }) => label && stopped).length;
    const wrong = found.filter(({ label, stopped }) => !label && stopped).length;
    expect([positive > 20, held.length - positive > 20]).toEqual([true, true]);
    expect(rates.get('recall')).toMatchObject({ value: expect.closeTo(right / positive, 6), of: positive });
    expect(rates.get('precision')).toMatchObject({
      value: expect.closeTo(right / (right + wrong), 6),
      of: right + wrong,
    });
    expect(rates.get('false alarms')).toMatchObject({ value: expect.closeTo(wrong / (held.length - positive), 6) });
    expect(rates.get('F1')?.['value']).toBeCloseTo((2 * right) / (right + wrong + positive), 6);
    expect(rates.get('area under ROC')?.['value']).toBeGreaterThan(0.97);
    for (const { values } of report.rows.slice(0, 6)) {
      expect(Number(values['low'])).toBeLessThanOrEqual(Number(values['value']));
      expect(Number(values['high'])).toBeGreaterThanOrEqual(Number(values['value']));
    }
    // frames of both kinds are about as long: length tells little
    expect(rates.get('area under ROC, length alone')?.['value']).toBeLessThan(0.75);
    expect(report.notes[0]).toMatch(/texts to learn from.*No prompt is in two parts/);
  });
  it('labels that are drawn by chance give an area around a half: nothing of what is held out was learnt', async () => {
    const chance = (await labelledTexts(fakeRows(rows), { reads: 'completion', positive: 'disliked' })).map(
      (row, at) => ({
        ...row,
        label: (at * 2654435761) % 97 < 48,
      }),
    );
    const learnt = chance.filter(({ group }) => partOf(group, 0.5) === 'train');
    const classifier = trainClassifier(learnt, { category: 'x', bits: 12 });
    const score = (some: typeof chance) =>
      ratesOf(
        some.map(({ text, label, group }) => ({ score: classify(classifier, text), label, group })),
        0.5,
      )['area under ROC']!;
    // many texts are nearly the same under both labels, so not even what was learnt is told apart wholly
    expect(score(learnt).value).toBeGreaterThan(0.8);
    const held = score(chance.filter(({ group }) => partOf(group, 0.5) !== 'train'));
    expect(held.low).toBeLessThan(0.5);
    expect(held.high).toBeGreaterThan(0.5);
  });
  it('refuses parts with one label alone', async () =>
    expect(made({}, true)).rejects.toThrow(
      /the part '(?:train|choose|report)' has \d texts, \d of the category; wanted both kinds/,
    ));
});

describe('rows', () => {
  it('labels, ranks, prompts; what stands twice counts once; no label is refused with its row', async () => {
    const read = (some: readonly FeedbackRow[], how = {}) =>
      labelledTexts(fakeRows(some), { reads: 'completion', positive: 'disliked', ...how });
    const two = asked([
      { text: 'good ', rank: 0 },
      { text: 'bad', rank: 1 },
    ]);
    expect((await read([two, two])).map(({ text, label }) => [text, label])).toEqual([
      ['good', false],
      ['bad', true],
    ]);
    expect((await read([two], { positive: 'liked' })).map(({ label }) => label)).toEqual([true, false]);
    const talk = asked(
      [{ text: 'no', label: false }],
      [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'hm' },
        { role: 'user', content: 'harm me' },
      ],
    );
    expect(await read([talk], { reads: 'prompt' })).toEqual([{ text: 'harm me', label: true, group: 'harm me' }]);
    await expect(read([two, asked([{ text: 'x' }])])).rejects.toThrow(/row 1: wanted completions with a label/);
    await expect(
      read([
        asked([
          { text: 'x', rank: 0 },
          { text: 'y', rank: 0 },
        ]),
      ]),
    ).rejects.toThrow(/ranks that differ/);
  });
  it('parts have their shares, and answers to one prompt fall in one', () => {
    const counts = { train: 0, choose: 0, report: 0 };
    for (let i = 0; i < 2000; i++) counts[partOf(`prompt ${i}`, 0.4)]++;
    // 1,200, 400, 400; a standard deviation is at most 22
    expect(Math.abs(counts.train - 1200)).toBeLessThan(90);
    expect(Math.abs(counts.choose - 400)).toBeLessThan(75);
  });
});

describe('thresholds and rates', () => {
  const scored = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2].map((score, at) => ({
    score,
    label: [0, 1, 4].includes(at),
    group: `g${at}`,
  }));
  it('by cost, or the most found with so many false alarms at most; halfway to the next score', () => {
    expect(chooseThreshold(scored, { falseAlarms: 0.01 })).toBeCloseTo(0.75, 12);
    expect(chooseThreshold(scored, { falseAlarms: 0.4 })).toBeCloseTo(0.45, 12);
    expect(chooseThreshold(scored, { miss: 10, falseAlarm: 1 })).toBeCloseTo(0.45, 12);
    // nothing more is found below 0.8 for one more false alarm
    expect(chooseThreshold(scored.slice(0, 4), { falseAlarms: 0.5 })).toBeCloseTo(0.75, 12);
    expect(
      chooseThreshold(
        [
          { score: 0.9, label: false },
          { score: 0.1, label: true },
        ],
        { falseAlarms: 0.5 },
      ),
    ).toBe(Infinity);
  });
  it('intervals of areas resample groups: wider where texts of a group are right or wrong together', () => {
    const next = numbersFrom(5);
    const shifts = Array.from({ length: 20 }, () => 2 * next());
    const rowsOf = (grouped: boolean) =>
      Array.from({ length: 200 }, (_, i) => ({
        score: next() + (i % 2 === 1 ? shifts[Math.floor(i / 10)]! : 0.5),
        label: i % 2 === 1,
        group: String(grouped ? Math.floor(i / 10) : i),
      }));
    const width = (grouped: boolean) => {
      const { low, high } = ratesOf(rowsOf(grouped), 0.9)['area under ROC']!;
      return high - low;
    };
    expect(width(true)).toBeGreaterThan(1.3 * width(false));
    const some = rowsOf(false);
    expect(ratesOf(some, 0.6)).toEqual(ratesOf(some, 0.6));
    expect(ratesOf(some, 9)).not.toHaveProperty('precision');
  });
  it("a text's score is that of its worst sentence", async () => {
    const { classifier } = await made({ bits: 12 });
    const [kind, harsh] = ['Thank you for the lesson. ', 'You are so worthless.'];
    expect(worstSentence(classifier, kind + harsh)).toBe(classify(classifier, harsh));
    expect(worstSentence(classifier, '')).toBe(0);
  });
});
