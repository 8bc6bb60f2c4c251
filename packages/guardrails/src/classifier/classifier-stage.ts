// The stage `rail-classifier`: labelled texts become a linear classifier for a rail, with a threshold and rates from texts that it never learnt from.
import { Labels, Report, type ReportRow, type ReportValue } from '@ingot/contracts';
import { defineStage, IngotError, metric, table, text, warning } from '@ingot/core';
import * as z from 'zod';
import { chooseOption, chooseThreshold } from './choose-threshold.js';
import { classify, type Classifier } from './classifier.js';
import { areaUnderRoc } from './curves.js';
import { RailClassifier } from './kind.js';
import { labelledTexts, partOf, type GroupedText } from './labelled-rows.js';
import { ratesOf, type GroupedScore } from './rates.js';
import { sentences } from './sentences.js';
import { trainClassifier } from './train.js';

const WHERE = "Stage 'rail-classifier'";

/** The score of a text as the rail gives it: that of its worst sentence. */
export const worstSentence = (classifier: Classifier, given: string): number =>
  Math.max(
    0,
    ...sentences(given, 0, true).whole.map(({ start, end }) => classify(classifier, given.slice(start, end))),
  );

const scored = (classifier: Classifier, rows: readonly GroupedText[]): readonly GroupedScore[] =>
  rows.map(({ text: given, label, group }) => ({ score: worstSentence(classifier, given), label, group }));

const checkPart = (name: string, rows: readonly GroupedText[]): void => {
  const positive = rows.filter(({ label }) => label).length;
  if (positive > 0 && positive < rows.length) return;
  throw new IngotError(
    'bad-input',
    `${WHERE}: the part '${name}' has ${rows.length} texts, ${positive} of the category; wanted both kinds. Give more rows, another heldOut, or look at 'positive'.`,
  );
};
const six = (value: number): number => Number(value.toFixed(6));

/** Labels become a classifier (an artifact of its own kind) and a report of its rates. */
export const classifierStage = defineStage({
  name: 'rail-classifier',
  version: 1,
  inputs: { feedback: Labels },
  outputs: { classifier: RailClassifier, report: Report },
  options: z.strictObject({
    category: z.string().min(1).describe('What it finds, for verdicts and refusal texts.'),
    reads: z
      .enum(['completion', 'prompt'])
      .default('completion')
      .describe("What it reads: what was answered, or the user's last turn."),
    positive: z.enum(['disliked', 'liked']).default('disliked').describe('Which label belongs to the category.'),
    heldOut: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.3)
      .describe('Share of the prompts it does not learn from: half of them for the threshold, half for the rates.'),
    threshold: chooseOption,
    bits: z.int().min(8).max(20).default(14).describe('The weights have 2^bits places.'),
    epochs: z.int().positive().default(12).describe('How often each text is seen.'),
    lr: z.number().positive().default(0.5).describe('Learning rate of AdaGrad.'),
    l2: z.number().min(0).default(1e-5).describe('Weight of |w|² / 2.'),
  }),
  draws: true,
  async *run({ inputs, options, seed }) {
    const { category, reads, positive, heldOut, threshold: choose, ...how } = options;
    const rows = await labelledTexts(inputs.feedback, { reads, positive });
    const parts = { train: [] as GroupedText[], choose: [] as GroupedText[], report: [] as GroupedText[] };
    for (const row of rows) parts[partOf(row.group, heldOut)].push(row);
    for (const [name, part] of Object.entries(parts)) checkPart(name, part);

    const trained = trainClassifier(parts.train, { category, seed: seed % 2 ** 31, ...how });
    const chosen = chooseThreshold(scored(trained, parts.choose), choose);
    if (chosen > 1)
      yield warning(
        `${WHERE}: on held-out texts calling nothing '${category}' is best: the threshold is 1. Its scores tell little, or a false alarm costs too much.`,
      );
    const classifier: Classifier = { ...trained, threshold: Math.min(1, chosen) };

    const held = scored(classifier, parts.report);
    const rates = ratesOf(held, classifier.threshold);
    const byLength = parts.report.map(({ text: given, label }) => ({ score: given.length, label }));
    const lengthArea = areaUnderRoc(byLength);
    const measured: ReportRow[] = Object.entries(rates).map(([name, { value, low, high, of }]) => ({
      name,
      values: { value: six(value), low: six(low), high: six(high), ...(of === undefined ? {} : { of }) },
    }));
    const report: ReportValue = {
      title: `Classifier '${category}'`,
      rows: [
        ...measured,
        {
          name: 'area under ROC, texts learnt from',
          values: { value: six(areaUnderRoc(scored(classifier, parts.train))) },
        },
        { name: 'area under ROC, length alone', values: { value: six(Math.max(lengthArea, 1 - lengthArea)) } },
      ],
      notes: [
        `${parts.train.length} texts to learn from, ${parts.choose.length} to choose the threshold ${classifier.threshold.toFixed(4)} by (${JSON.stringify(choose)}), ${parts.report.length} for these rates, ${parts.report.filter(({ label }) => label).length} of them '${category}'. No prompt is in two parts.`,
        "A text's score is that of its worst sentence, as the rail judges. Shares with Wilson's 95% interval, which takes texts for independent; F1 and areas with the bootstrap over prompts.",
      ],
    };
    yield metric(1, Object.fromEntries(Object.entries(rates).map(([name, { value }]) => [name, value])), 1);
    yield table(
      report.title,
      report.rows.map(({ name, values }) => ({ rate: name, ...values })),
    );
    yield text(report.notes[0]!);
    return { classifier, report };
  },
});
