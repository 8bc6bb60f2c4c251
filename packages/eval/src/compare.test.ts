// Comparisons on hand-made items, their words, and the gate.
import type { Measure } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { compareModels, showP } from './compare-models.js';
import { checkGate, type Gate } from './gate.js';
import { compareMeasures, measureInterval, measureValue } from './index.js';
import { reportRows } from './report.js';
import { mcnemar } from './statistics/mcnemar.js';
import { wilsonInterval } from './statistics/wilson.js';

const bits = (...values: readonly number[]): Measure => ({
  name: 'bits_per_byte',
  better: 'lower',
  items: values.map((value, i) => ({ value, weight: 1024 - 100 * (i % 3) })),
});
const right = (...values: readonly number[]): Measure => ({
  name: 'acc',
  better: 'higher',
  items: values.map((value) => ({ value, weight: 1 })),
});
const worse = Array.from({ length: 40 }, (_, i) => 2.1 + Math.sin(i) / 5 + 0.01 * Math.cos(3 * i));
const good = Array.from({ length: 40 }, (_, i) => 2 + Math.sin(i) / 5);

describe('measures', () => {
  it('weighted means, and exponentials where they are shown so', () => {
    const items = [
      { value: 1, weight: 3 },
      { value: 5, weight: 1 },
    ];
    expect(measureValue({ name: 'm', better: 'lower', items })).toBe(2);
    expect(measureValue({ name: 'm', better: 'lower', items, shown: 'exp' })).toBe(Math.exp(2));
    expect(measureInterval(right(1, 1, 0))).toEqual(wilsonInterval(2, 3));
    expect(measureInterval(bits(2))).toBeUndefined();
    expect(() => measureValue({ name: 'm', better: 'lower', items: [] })).toThrow(/one item/);
  });
  it('yes and no: McNemar', () => {
    const [a, b] = [right(1, 1, 1, 1, 1, 1, 1, 1, 0, 0), right(0, 0, 0, 0, 0, 0, 0, 0, 1, 0)];
    expect(compareMeasures(a, b)).toMatchObject({
      better: 'first',
      test: 'McNemar, exact',
      p: mcnemar(8, 1),
      items: 10,
    });
    expect(compareMeasures(a, b).difference).toBeCloseTo(0.7, 12);
    const { interval, ...same } = compareMeasures(a, a);
    expect(same).toMatchObject({ better: 'neither', p: 1 });
    expect(interval?.low).toBeLessThan(0); // ten items that agree do not prove equality
    expect(interval?.high).toBeCloseTo(-(interval?.low ?? 0), 12);
  });
  it('numbers: permutation and bootstrap over pairs, which see what the spread between items hides', () => {
    const { difference, interval, p, better, test } = compareMeasures(bits(...good), bits(...worse));
    expect(better).toBe('first');
    expect(test).toBe('paired permutation');
    expect(difference).toBeCloseTo(-0.1, 2);
    expect(interval?.low).toBeGreaterThan(-0.11);
    expect(interval?.high).toBeLessThan(-0.09);
    expect(p).toBe(1 / 10_000); // no exchange of 9,999 was as large
    const own = measureInterval(bits(...good));
    expect((own?.high ?? 0) - (own?.low ?? 0)).toBeGreaterThan(0.05); // the spread alone would hide it
  });
  it('one item says nothing of chance; other items are refused', () => {
    expect(compareMeasures(bits(2), bits(3))).toMatchObject({ p: undefined, interval: undefined, difference: -1 });
    expect(() => compareMeasures(bits(2, 2), bits(3))).toThrow(/of 2 items, got 'bits_per_byte' of 1/);
    expect(() => compareMeasures(bits(2), right(1))).toThrow(/'acc' of 1/);
  });
});

const model = (name: string, values: readonly number[], answers: readonly number[]) => ({
  name,
  results: [
    { task: 'held', measures: [bits(...values)] },
    { task: 'quiz', measures: [right(...answers)] },
  ],
});
const sft = model('sft', good, [1, 1, 1, 0, 1]);
const aligned = model('aligned', worse, [1, 1, 1, 1, 1]);
const base = model('base', worse, [0, 1, 1, 0, 0]);

describe('models', () => {
  const found = compareModels([aligned, sft, base]);
  it('a number for every model and measure, a difference for every other model, corrected together', () => {
    expect(found.measurements.map((one) => `${one.model} ${one.task}/${one.measure}`)).toEqual([
      'aligned held/bits_per_byte',
      'aligned quiz/acc',
      'sft held/bits_per_byte',
      'sft quiz/acc',
      'base held/bits_per_byte',
      'base quiz/acc',
    ]);
    const [lost, won, same] = found.differences;
    expect(lost?.words).toMatch(
      /^aligned is worse than sft by 0\.\d{4} bits_per_byte \(task held\), 95% interval of the difference 0\.09\d\d to 0\.10\d\d, p = 0\.0001 \(Holm 0\.0004\) \(paired permutation, 40 items\)\.$/,
    );
    expect(lost?.worseBy).toBeCloseTo(0.1, 2);
    expect(won?.words).toMatch(/^aligned is better than sft by 0\.2000 acc \(task quiz\).*McNemar, exact, 5 items/);
    expect(won?.worseBy).toBeCloseTo(-0.2, 12);
    expect(same?.words).toMatch(/^aligned equals base in bits_per_byte/);
    expect(found.differences.every(({ p, adjusted }) => (adjusted ?? 0) >= (p ?? 1))).toBe(true);
    expect(JSON.parse(JSON.stringify(found)).differences).toHaveLength(4);
  });
  it('as rows: a row a model for every task, then the differences', () => {
    const rows = reportRows(found);
    expect(rows.map(({ name, values }) => `${name}: ${values['task']}`)).toEqual([
      'aligned: held',
      'sft: held',
      'base: held',
      'aligned: quiz',
      'sft: quiz',
      'base: quiz',
      'aligned - sft: held',
      'aligned - sft: quiz',
      'aligned - base: held',
      'aligned - base: quiz',
    ]);
    expect(rows[3]?.values).toMatchObject({
      acc: 1,
      items: 5,
      'acc interval': expect.stringMatching(/^0\.5\d* to 1$/),
    });
  });
  it('counts of items that differ between the measures of a task are all told', () => {
    const mixed = { name: 'm', results: [{ task: 't', measures: [bits(1, 2), right(1, 0, 1), right(1, 1, 1)] }] };
    expect(reportRows(compareModels([mixed]))[0]?.values['items']).toBe('2, 3');
  });
  it('p in words', () => {
    expect([0.5, 0.0312, 0.00123, 0.00001].map(showP)).toEqual(['p = 0.500', 'p = 0.031', 'p = 0.0012', 'p < 0.0001']);
  });
});

describe('the gate', () => {
  const against = (...others: (typeof sft)[]) => compareModels([aligned, ...others]);
  const code = (gate: Gate, evaluation = against(sft)): unknown => {
    try {
      checkGate(evaluation, gate);
      return 'passes';
    } catch (error) {
      return error;
    }
  };
  it('says which measure fell and by how much', () => {
    expect(code({ 'held/bits_per_byte': { atMostWorseBy: 0.05 } })).toMatchObject({
      code: 'gate-failed',
      message: expect.stringMatching(
        /holds the model back: aligned is worse than sft by 0\.\d{4} bits_per_byte.*allows 0\.05\./,
      ),
    });
    expect(code('no-regression')).toMatchObject({
      code: 'gate-failed',
      message: expect.stringContaining('worse than sft'),
    });
  });
  it('lets pass what fell less, what rose, and what is within noise', () => {
    expect(code({ held: { atMostWorseBy: 0.2 }, quiz: { atMostWorseBy: 0 } })).toBe('passes');
    expect(code('no-regression', against(base))).toBe('passes');
    expect(
      code('no-regression', compareModels([model('a', good, [0, 1, 1, 1, 1]), model('b', good, [1, 1, 1, 1, 1])])),
    ).toBe('passes'); // 4 of 5 against 5 of 5
  });
  it('refuses unknown names, and nothing to compare with', () => {
    expect(code({ 'held/bits': { atMostWorseBy: 0 } })).toMatchObject({
      code: 'bad-options',
      message: expect.stringContaining("got 'held/bits'"),
    });
    expect(code('no-regression', compareModels([aligned]))).toMatchObject({ code: 'bad-options' });
  });
});
