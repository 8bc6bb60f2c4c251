// Feedback scored and judged again: labels by a threshold, and how a judge agrees with the ranks that were given.
import { Evaluator, Judge, type EvaluatedModel, type EvaluatorService, type JudgeFunction } from '@ingot/contracts';
import { createIngot, definePlugin, memoryStore } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { feedback as feedbackPlugin } from '../index.js';
import { eventsOf, ingot, rowsOf, world } from '../pairs/world.fixture.js';
import { freshCounts } from '../judges/missing.js';
import { agreementReport } from './agreement-report.js';

const given: [string, string][] = [
  ['a good day', 'a bad day'],
  ['terrible', 'wonderful'],
  ['fine', 'a table'],
  ['a lovely evening', 'an awful, awful evening'],
];

describe('label', () => {
  const run = (how: { threshold?: number; margin?: number } = {}) =>
    ingot
      .pipeline('labels', (g) =>
        g.add('label', g.add('given-pairs', {}, { rows: given }), { reward: { use: 'afinn' }, ...how }),
      )
      .run({ store: memoryStore() });
  const labelsOf = async (how?: Parameters<typeof run>[0]) =>
    (await rowsOf((await run(how).result()).feedback)).flatMap(({ completions }) =>
      completions.map(({ text, label, score }) => [text, label, score]),
    );
  it('each completion becomes a row: liked from the threshold, left out near it', async () => {
    expect(await labelsOf({ threshold: 0.5, margin: 1 })).toEqual([
      ['a good day', true, 3],
      ['a bad day', false, -3],
      ['terrible', false, -3],
      ['wonderful', true, 4],
      ['fine', true, 2],
      ['a lovely evening', true, 3],
      ['an awful, awful evening', false, -6],
    ]);
  });
  it('one side alone is warned of, and nothing at all refused', async () => {
    const one = run({ threshold: -10 });
    const events = eventsOf(one);
    await one.result();
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({
      text: expect.stringMatching(/All 8 completions are liked/),
    });
    await expect(run({ margin: 50 }).result()).rejects.toThrow(
      /no completion of 4 rows got a label \(8 lie within 50 of 0\)/,
    );
  });
});

describe('judge-pairs', () => {
  const judged = (judge: JudgeFunction, how: { margin?: number; maxMissing?: number; retries?: number } = {}) =>
    ingot
      .pipeline('judged', (g) =>
        g.add('judge-pairs', g.add('given-pairs', {}, { rows: given }), {
          judge: Judge.inline('judge', 1, judge),
          ...how,
        }),
      )
      .run({ store: memoryStore() });
  const measures = async (run: ReturnType<typeof judged>) =>
    Object.fromEntries((await run.result()).report.rows.map(({ name, values }) => [name, values['value']]));

  it('turns pairs round, keeps probabilities and margins, and tells how it agrees', async () => {
    const run = ingot
      .pipeline('by-rules', (g) =>
        g.add('judge-pairs', g.add('given-pairs', {}, { rows: given }), {
          judge: { use: 'rules', reward: { use: 'afinn' } },
        }),
      )
      .run({ store: memoryStore() });
    const { feedback, report } = await run.result();
    const rows = await rowsOf(feedback);
    expect(rows.map(({ completions }) => completions.map(({ text }) => text))).toEqual([
      given[0],
      ['wonderful', 'terrible'],
      given[2],
      given[3],
    ]);
    const [best, worst] = rows[0]!.completions;
    expect(best).toMatchObject({ rank: 0, label: true });
    expect(best!.score).toBeCloseTo(1 / (1 + Math.exp(-6)), 14);
    expect(best!.score! + worst!.score!).toBe(1);
    expect(rows[0]!.margin).toBeCloseTo(best!.score! - worst!.score!, 12);
    expect(Object.fromEntries(report.rows.map(({ name, values }) => [name, values['value']]))).toMatchObject({
      pairs: 4,
      'raw agreement': 0.75,
      "Cohen's kappa": 0.5,
      'same side when swapped': 1,
      'no verdict': 0,
    });
  });
  it('a judge of positions alone: win rate exactly one half, ties only, no pair left', async () => {
    const run = judged(() => 0.9);
    const events = eventsOf(run);
    const values = await measures(run);
    expect(values).toMatchObject({ 'win rate of the given best': 0.5, ties: 1, 'same side when swapped': 0 });
    expect(await rowsOf((await run.result()).feedback)).toEqual([]);
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({
      text: expect.stringMatching(/positions alone/),
    });
  });
  it('missing verdicts leave the pair out, up to the limit', async () => {
    const absent: JudgeFunction = ({ first, second }) =>
      `${first}${second}`.includes('table') ? NaN : 0.5 + 0.4 * Math.sign(second.length - first.length);
    const run = judged(absent, { maxMissing: 0.25 });
    expect(await rowsOf((await run.result()).feedback)).toHaveLength(3);
    expect(await measures(run)).toMatchObject({ pairs: 3, 'no verdict': 0.25 });
    await expect(judged(absent, { maxMissing: 0.2 }).result()).rejects.toThrow(/1 of 4 questions/);
  });
});

describe('a model as the judge', () => {
  const asked: string[] = [];
  let open = 0;
  const evaluator = (): EvaluatorService => {
    const model: EvaluatedModel = {
      logLikelihood: async (requests) => {
        asked.push(...requests.map(({ context }) => context));
        // it knows two words, and which answer is first
        const [, first] = /^([^|]*)\|/u.exec(requests[0]?.context ?? '') ?? [];
        const likes = first?.includes('good') || first?.includes('wonderful') ? 2 : 0;
        return requests.map((_, at) => ({ logProbability: at === 0 ? likes : 1, tokens: 1, greedy: false }));
      },
      rollingLogLikelihood: () => Promise.reject(new Error('not asked')),
      generateUntil: () => Promise.reject(new Error('not asked')),
      dispose: () => void open--,
    };
    return { open: async () => (open++, model), of: () => model };
  };
  const own = createIngot({
    plugins: [
      world,
      feedbackPlugin,
      definePlugin({ name: 'test/evaluator', services: (bind) => bind.factory(Evaluator, {}, evaluator) }),
    ],
  });
  it('reads the template, is asked in both orders, and is closed at the end', async () => {
    const run = own
      .pipeline('by-model', (g) =>
        g.add(
          'judge-pairs',
          {
            feedback: g.add('given-pairs', {}, { rows: given.slice(0, 2) }).feedback,
            judge: g.add('a-model', g.add('a-tokenizer', {})).model,
          },
          { judge: { use: 'model', template: '{first}|{second}|{prompt}' } },
        ),
      )
      .run({ store: memoryStore() });
    const { feedback } = await run.result();
    expect(asked.filter((_, at) => at % 2 === 0)).toEqual([
      'a good day|a bad day|p0',
      'a bad day|a good day|p0',
      'terrible|wonderful|p1',
      'wonderful|terrible|p1',
    ]);
    expect((await rowsOf(feedback)).map(({ completions }) => completions[0]?.text)).toEqual([
      'a good day',
      'wonderful',
    ]);
    expect(open).toBe(0);
  });
});

describe('the report of agreement', () => {
  it.each([
    [{ same: 90, reverse: 10, tie: 0, probability: 85 }, 0.9, 0.8],
    [{ same: 50, reverse: 50, tie: 0, probability: 50 }, 0.5, 0],
    [{ same: 0, reverse: 20, tie: 0, probability: 2 }, 0, -1],
  ])('%j: chance is one half, so κ = 2 · agreement − 1', (verdicts, raw, kappa) => {
    const { rows } = agreementReport(verdicts, { ...freshCounts(), asked: 100, consistent: 100 });
    const of = (name: string) => rows.find((row) => row.name === name)?.values['value'];
    expect(of('raw agreement')).toBeCloseTo(raw, 12);
    expect(of("Cohen's kappa")).toBeCloseTo(kappa, 12);
  });
});
