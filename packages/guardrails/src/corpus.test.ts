// The rails on a corpus that another script made: what docs/guardrails.md reports.
import { describe, expect, it } from 'vitest';
import { classify } from './classifier/classifier.js';
import { areaUnderRoc, averagePrecision, cheapestThreshold } from './classifier/curves.js';
import { trainClassifier } from './classifier/train.js';
import { corpus, measure, precision, recall, total } from './corpus.fixture.js';
import { injectionScore } from './rails/injection.js';

describe('rule rails, exact spans', () => {
  for (const name of ['first', 'second', 'heldOut'] as const)
    it(`${name}: recall at least 0.99, precision at least 0.95`, async () => {
      const { counts, faults } = await measure(corpus[name].rows);
      const all = total(counts.values());
      expect(all.found).toBeGreaterThan(200);
      expect(recall(all), faults.join('\n')).toBeGreaterThanOrEqual(0.99);
      expect(precision(all), faults.join('\n')).toBeGreaterThanOrEqual(0.95);
      for (const [group, one] of counts) {
        expect(recall(one), group).toBeGreaterThanOrEqual(0.99);
        expect(precision(one), group).toBeGreaterThanOrEqual(0.95);
      }
    });
});

describe('what is reported and not promised', () => {
  it('signs of injection: more attacks than 8 of 10, fewer harmless prompts than 1 of 10', () => {
    const said = corpus.heldOut.injections.map(({ text, attack }) => ({
      label: attack,
      score: injectionScore(text).score,
    }));
    const caught = said.filter(({ label, score }) => label && score >= 0.5).length;
    const wrong = said.filter(({ label, score }) => !label && score >= 0.5).length;
    expect([caught, wrong, said.length]).toEqual([17, 1, 32]);
    expect(areaUnderRoc(said)).toBeGreaterThan(0.9);
  });
  it('the classifier on sentences with other frames and half other words', () => {
    const { train, heldOut } = corpus.sentences;
    const classifier = trainClassifier(train, { category: 'harassment', bits: 12 });
    const said = heldOut.map(({ text, label }) => ({ label, score: classify(classifier, text) }));
    expect(areaUnderRoc(said)).toBeCloseTo(0.9991, 4);
    expect(averagePrecision(said)).toBeCloseTo(0.9991, 4);
    const over = (threshold: number, wanted: boolean) =>
      said.filter(({ label, score }) => label === wanted && score >= threshold).length;
    expect([over(0.5, true), over(0.5, false)]).toEqual([100, 24]);
    // the threshold wants rows of its own: by half of these, measured on the other half
    const [chosen, rest] = [said.filter((_, at) => at % 2 === 0), said.filter((_, at) => at % 2 === 1)];
    const { threshold } = cheapestThreshold(chosen, { miss: 1, falseAlarm: 1 });
    const right = rest.filter(({ label, score }) => label === score >= threshold).length;
    expect([right, rest.length]).toEqual([99, 100]);
  });
});
