// The linear classifier: curves on fixed arrays, learning, JSON without loss, sentences, refusals.
import { describe, expect, it } from 'vitest';
import { numbersFrom } from '../chain/random-text.fixture.js';
import { classifierJson, classifierOf, classify } from './classifier.js';
import { areaUnderRoc, averagePrecision, cheapestThreshold, curve } from './curves.js';
import { featuresOf, hash } from './features.js';
import { sentences } from './sentences.js';
import { trainClassifier } from './train.js';

describe('curves', () => {
  const rows = (scores: readonly number[], labels: readonly number[]) =>
    scores.map((score, at) => ({ score, label: labels[at] === 1 }));
  const textbook = rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // scikit-learn's documentation: roc_auc 0.75, average_precision 0.8333
  it("scikit-learn's documented values", () => {
    expect(areaUnderRoc(textbook)).toBe(0.75);
    expect(averagePrecision(textbook)).toBeCloseTo(0.8333333333333333, 15);
    expect(curve(textbook).map(({ truePositives, falsePositives }) => [falsePositives / 2, truePositives / 2])).toEqual(
      [
        [0, 0],
        [0, 0.5],
        [0.5, 0.5],
        [0.5, 1],
        [1, 1],
      ],
    );
  });
  it('ties count half: the area is the share of pairs in the right order', () => {
    const next = numbersFrom(3);
    const many = Array.from({ length: 60 }, () => ({ score: Math.round(next() * 8), label: next() < 0.4 }));
    const [yes, no] = [many.filter(({ label }) => label), many.filter(({ label }) => !label)];
    const pairs = yes.flatMap((a) => no.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
    expect(areaUnderRoc(many)).toBeCloseTo(pairs.reduce<number>((a, b) => a + b, 0) / pairs.length, 12);
  });
  it('the cheapest threshold, and one label alone is refused', () => {
    expect(cheapestThreshold(textbook, { miss: 1, falseAlarm: 10 })).toMatchObject({ threshold: 0.8, cost: 1 });
    expect(cheapestThreshold(textbook, { miss: 10, falseAlarm: 1 })).toMatchObject({ threshold: 0.35, cost: 1 });
    expect(cheapestThreshold(textbook, { miss: 0, falseAlarm: 1 }).threshold).toBe(Infinity);
    expect(() => areaUnderRoc(rows([1, 2], [1, 1]))).toThrow(/both labels, got 2 positive of 2/);
  });
});

describe('features', () => {
  it('have length 1, do not depend on case or spacing, and use known hashes', () => {
    const { places, values } = featuresOf('Hello  world', 12);
    expect(Math.hypot(...values)).toBeCloseTo(1, 12);
    expect(featuresOf('hello world', 12)).toEqual({ places, values });
    expect(featuresOf('', 12).places).toHaveLength(0);
    expect(hash('')).toBe(hash(''));
    expect(new Set(Array.from({ length: 500 }, (_, i) => hash(`w${i}`) & 4095)).size).toBeGreaterThan(440); // 500 balls in 4,096 places: about 30 meet
  });
});

describe('training', () => {
  const next = numbersFrom(1);
  const pick = (words: string) => words.split(' ')[Math.floor(next() * words.split(' ').length)]!;
  const row = (label: boolean) => ({
    label,
    text: Array.from({ length: 6 }, () =>
      next() < 0.4
        ? pick(label ? 'awful rotten vile nasty' : 'kind fair gentle warm')
        : pick('the day people house river'),
    ).join(' '),
  });
  const rows = Array.from({ length: 200 }, (_, at) => row(at % 4 === 0));
  const how = { category: 'harsh', bits: 10 };
  const trained = trainClassifier(rows, how);
  it('tells held-out rows apart, the same every time', () => {
    const held = Array.from({ length: 100 }, (_, at) => row(at % 2 === 0));
    expect(areaUnderRoc(held.map(({ text, label }) => ({ score: classify(trained, text), label })))).toBeGreaterThan(
      0.97,
    );
    expect(trainClassifier(rows, how)).toEqual(trained);
    expect(trainClassifier(rows, { ...how, seed: 1 })).not.toEqual(trained);
  });
  it('JSON keeps every bit; other forms are refused', () => {
    const json = JSON.parse(JSON.stringify(classifierJson(trained))) as object;
    expect(classifierOf(json)).toEqual(trained);
    expect(() => classifierOf({ ...json, bits: 11 })).toThrow(/wants 2048 weights/);
    expect(() => classifierOf({})).toThrow(/classifierJson/);
    expect(() => trainClassifier(rows.slice(1, 3), how)).toThrow(/both labels, got 0/);
  });
});

describe('sentences', () => {
  const of = (text: string, final = true) =>
    sentences(text, 0, final).whole.map(({ start, end }) => text.slice(start, end));
  it('end behind a full stop and a space, at a line, after 400 characters, and at the end', () => {
    expect(of('One. Two is 3.5! Three\nFour')).toEqual(['One. ', 'Two is 3.5! ', 'Three\n', 'Four']);
    expect(of('One. Two', false)).toEqual(['One. ']);
    expect(of('a'.repeat(901)).map(({ length }) => length)).toEqual([400, 400, 101]);
    expect(of(`${'a'.repeat(399)}😀b`).map(({ length }) => length)).toEqual([401, 1]);
  });
});
