// Rail `classifier`: a trained linear classifier judges sentence after sentence.
import { type Decision, Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import { decisionOption, sidesOption } from '../rails/options.js';
import { type Classifier, classifierOf, classifierSchema, classify } from './classifier.js';
import { sentences } from './sentences.js';

/** A rail over one classifier. A sentence is held back until it is whole; each is judged on its own. */
export const classifierRail = (
  classifier: Classifier,
  decision: Decision = 'refuse',
  sides: readonly RailSide[] = ['input', 'output'],
): RailValue => ({
  name: `classifier:${classifier.category}`,
  sides,
  inspect({ text, from, final }) {
    const { whole, open } = sentences(text, from, final);
    const verdicts = whole.flatMap(({ start, end }) => {
      const score = classify(classifier, text.slice(start, end));
      return score >= classifier.threshold
        ? [{ decision, category: classifier.category, score, span: [start, end] as const }]
        : [];
    });
    return { verdicts, settled: open };
  },
});

/** Rail `classifier`: the trained weights are an option, so that they are in the key. */
export const classifierPart = Rail.part({
  name: 'classifier',
  version: 1,
  options: z.strictObject({
    model: classifierSchema.describe("A trained classifier's JSON (trainClassifier, classifierJson)."),
    threshold: z.number().min(0).max(1).optional().describe("In place of the classifier's own."),
    decision: decisionOption('refuse'),
    sides: sidesOption,
  }),
  make: ({ model, threshold, decision, sides }) => {
    const classifier = classifierOf(model);
    return classifierRail(threshold === undefined ? classifier : { ...classifier, threshold }, decision, sides);
  },
});
